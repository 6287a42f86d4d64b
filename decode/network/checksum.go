package network

import (
	"encoding/binary"
	"net/netip"
)

// sum adds b to a ones' complement sum (RFC 1071 1).
func sum(acc uint64, b []byte) uint64 {
	for len(b) >= 4 {
		acc += uint64(binary.BigEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		acc += uint64(be16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		acc += uint64(b[0]) << 8
	}
	return acc
}

// folds reports whether a sum that includes the checksum is right.
func folds(acc uint64) bool {
	for acc > 0xffff {
		acc = acc>>16 + acc&0xffff
	}
	return acc == 0xffff
}

// pseudoHeader starts the sum of a transport checksum (RFC 768, RFC 9293 3.1, RFC 8200 8.1).
func pseudoHeader(src, dst netip.Addr, proto ipProtocol, length int) uint64 {
	s, d := src.As16(), dst.As16()
	from := 0
	if src.Is4() {
		from = 12 // the rest is the prefix of a mapped address
	}
	return sum(sum(uint64(proto)+uint64(length), s[from:]), d[from:])
}
