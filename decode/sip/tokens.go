package sip

// HasToken reports whether a comma list holds this token, in any case.
func HasToken(v []byte, token string) bool {
	for {
		t, rest, ok := nextElement(v)
		if !ok {
			return false
		}
		if equalFold(t, token) {
			return true
		}
		v = rest
	}
}

// Lists reports whether any header with this ID holds the token, as in
// m.Lists(HdrSupported, "path").
func (m *Message) Lists(id HeaderID, token string) bool {
	for v := range m.All(id) {
		if HasToken(v, token) {
			return true
		}
	}
	return false
}
