package sip

// Reason is one Reason value (RFC 3326 2). The slices borrow the value it was parsed from.
type Reason struct {
	Protocol []byte // "SIP", "Q.850" or another token, as spelled
	Cause    int    // -1 if absent or no number below 1000
	Text     []byte // without quotes
	Params   []byte
}

// ParseReason reads a value that is one reason. ok is false when it does not begin with a token.
func ParseReason(v []byte) (Reason, bool) {
	head, params := cutParams(trim(v))
	r := Reason{Protocol: trimRight(head), Cause: -1, Params: params}
	if c, ok := Param(params, "cause"); ok {
		if n, _, ok := parseUint(c); ok && n < 1000 {
			r.Cause = int(n)
		}
	}
	r.Text, _ = Param(params, "text")
	return r, allToken(r.Protocol)
}

// NextReason cuts the first reason off a comma list and returns what follows it. ok is false at the
// end.
func NextReason(v []byte) (r Reason, rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	if !ok {
		return r, nil, false
	}
	r, _ = ParseReason(e)
	return r, rest, true
}
