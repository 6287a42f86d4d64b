// Package diameter reads Diameter messages (RFC 6733) and the Cx/Dx application on top of them
// (TS 29.228, TS 29.229): who asked the HSS what about whom, and what the HSS said or ordered.
//
// Message is the header and an iterator over the AVPs; Cx is a typed view of the AVPs that matter to
// a registration. Both borrow the bytes they were parsed from. Builder writes messages.
package diameter
