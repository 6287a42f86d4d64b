package sip

import "math"

// ParseCSeq reads a CSeq value (RFC 3261 20.16): a number and a method, with any white space
// between. A number beyond 32 bits is held at math.MaxUint32. ok is false when either is missing.
func ParseCSeq(v []byte) (n uint32, method []byte, ok bool) {
	num, _, method, ok := parseCSeq(v)
	return uint32(min(num, math.MaxUint32)), method, ok
}

// parseCSeq is ParseCSeq with the number held only at 1<<62, and the digits.
func parseCSeq(v []byte) (n int64, digits, method []byte, ok bool) {
	v = trim(v)
	i := 0
	for i < len(v) && isDigit(v[i]) {
		i++
	}
	digits = v[:i]
	n, _, ok = parseUint(digits)
	method = trimLeft(v[i:])
	return n, digits, method, ok && len(method) < len(v)-i && allToken(method)
}
