package sip

func (m *Message) checkAuth(h *Header, v []byte) {
	a, ok := ParseAuth(v)
	if !ok || len(a.Scheme) == 0 {
		m.report(ProbBadAuth, h.Value)
		return
	}
	if !equalFold(a.Scheme, "Digest") {
		return // other schemes have their own grammar
	}
	if len(a.Params) == 0 {
		m.report(ProbBadAuth, h.Value)
	}
	if a.flaws != 0 {
		m.authFlaws(h, v, a.Params)
	}
	if len(a.Algorithm) >= 3 && equalFold(a.Algorithm[:3], "AKA") {
		if len(a.Algorithm) < 4 || string(a.Algorithm[:4]) != "AKAv" {
			m.report(ProbAKASpelling, h.within(v, a.Algorithm))
		}
		// An empty nonce is the first REGISTER of 3GPP TS 24.229 5.1.1.2.
		if len(a.Nonce) > 0 && base64Bytes(a.Nonce) < akaNonceBytes {
			m.report(ProbAKANonceShort, h.within(v, a.Nonce))
		}
	}
}

// akaNonceBytes is RAND and AUTN, 16 bytes each (RFC 3310 3.2).
const akaNonceBytes = 32

// base64Bytes returns how many bytes b decodes to, 0 if it is not base64.
func base64Bytes(b []byte) int {
	n := 0
	for i, c := range b {
		switch {
		case isAlpha(c) || isDigit(c) || c == '+' || c == '/':
			n++
		case c == '=' && i >= len(b)-2:
		default:
			return 0
		}
	}
	return n * 3 / 4
}

// authFlaws reads the parameters once more to say where each repair was made.
func (m *Message) authFlaws(h *Header, v, params []byte) {
	var seen Auth
	sc := authScanner{b: params}
	for {
		sc.flaws = 0
		name, value, ok := sc.next()
		at := h.within(v, v[len(v)-1:])
		if ok {
			at = h.within(v, name)
			seen.flaws = 0
			seen.set(name, value)
		}
		if sc.flaws&flawMissingComma != 0 {
			m.report(ProbMissingComma, at)
		}
		if sc.flaws&flawEmptyParam != 0 {
			m.report(ProbTrailingComma, at)
		}
		if sc.flaws&flawParam != 0 {
			m.report(ProbBadParam, h.within(v, sc.junk))
		}
		if !ok {
			return
		}
		if sc.flaws&flawOpenQuote != 0 {
			m.report(ProbUnterminatedQuote, h.within(v, value))
		}
		if seen.flaws&flawDuplicate != 0 {
			m.report(ProbDuplicateParam, at)
		}
	}
}

func (m *Message) checkSecurity(h *Header, v []byte) {
	if len(v) == 0 {
		m.report(ProbBadSecurity, h.Value)
	}
	for b := v; len(b) > 0; {
		e, rest := splitList(b)
		b = rest
		if m.emptyElement(h, e, rest) {
			continue
		}
		s, ok := ParseSecurity(e)
		at := h.within(v, e)
		switch {
		case !ok:
			m.report(ProbBadSecurity, at)
		case s.flaws&flawSecurityNumber != 0:
			m.report(ProbSecurityNumber, at)
		case s.IsIPsec3GPP() && s.SPI < 0 && (s.Alg == nil || s.SPIC < 0 || s.SPIS < 0 || s.PortC < 0 || s.PortS < 0):
			m.report(ProbSecurityIncomplete, at)
		}
		m.checkParams(h, v, s.Params)
	}
}
