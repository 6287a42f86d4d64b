// Package tls opens recorded TLS connections with the secrets of a key log (NSS format, as SSLKEYLOGFILE names it): TLS
// 1.0 to 1.2 (RFC 2246, RFC 4346, RFC 5246) with AES-GCM, AES-CBC, ChaCha20-Poly1305, 3DES-CBC and without encryption, TLS
// 1.3 (RFC 8446) with AES-GCM and ChaCha20-Poly1305. It reads; it cannot speak TLS.
//
// The records of a connection are given to a Conn, those of each direction in order. What is lost may be lost: record
// numbers are found again by their authentication.
package tls
