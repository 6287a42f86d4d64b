// Package reginfo reads registration information documents: application/reginfo+xml, the body of a
// NOTIFY of the reg event package (RFC 3680), with the GRUU extension (RFC 5628) and what 3GPP adds
// (TS 24.229 7.10).
//
// Documents from real servers and from print are often damaged: cropped tags and values, stray end
// tags, a lost root. Parse keeps what can be read, repairs what can be repaired without guessing at
// content, and attaches a problem for each repair. Entities that a document declares are never
// expanded.
package reginfo
