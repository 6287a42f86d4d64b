package sip

import "math"

// MaxDeltaSeconds is the largest number of seconds a header field can carry. Larger ones count as
// this one (RFC 3261 20.19 gives the range 0 to 2^32-1).
const MaxDeltaSeconds = math.MaxUint32

// ParseDeltaSeconds reads a number of seconds: Expires, Min-Expires, Retry-After and the expires
// parameter. A comment or parameters behind the number are passed over. ok is false where there is
// no number: for a binding RFC 3261 20.10 then reads 3600, which is the caller's decision.
func ParseDeltaSeconds(v []byte) (int64, bool) {
	n, _, ok := parseSeconds(v)
	return n, ok
}

// parseSeconds is ParseDeltaSeconds that also tells a number that did not fit.
func parseSeconds(v []byte) (n int64, over, ok bool) {
	v = trim(v)
	i := 0
	for i < len(v) && isDigit(v[i]) {
		i++
	}
	if tail := trimLeft(v[i:]); len(tail) > 0 && tail[0] != ';' && tail[0] != '(' {
		return 0, false, false
	}
	n, _, ok = parseUint(v[:i])
	if n > MaxDeltaSeconds {
		return MaxDeltaSeconds, true, ok
	}
	return n, false, ok
}

// secondsParam reads a parameter of seconds, -1 if it is absent or no number.
func secondsParam(v []byte) int64 {
	n, ok := ParseDeltaSeconds(v)
	if !ok {
		return -1
	}
	return n
}
