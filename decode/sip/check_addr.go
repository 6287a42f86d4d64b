package sip

import (
	"bytes"

	"imscope/decode/problem"
)

// maxNames is how many parameter names are remembered to find repeated ones; a Contact with GRUUs and
// feature tags has about 20.
const maxNames = 32

// checkParams looks at the parameters of v: empty and repeated ones, names that are no token,
// quoted values that are not closed.
func (m *Message) checkParams(h *Header, v, params []byte) {
	var names [maxNames][]byte
	n, empty := 0, false
	for b := params; len(b) > 0; {
		b = b[1:] // the semicolon
		if t := trimLeft(b); len(t) == 0 || t[0] == ';' {
			if !empty {
				m.report(ProbEmptyParam, h.within(v, b[:0]))
				empty = true
			}
			b = t
			continue
		}
		p, rest, _ := NextParam(b)
		b = rest
		if !allToken(p.Name) {
			m.report(ProbBadParam, h.within(v, p.Name))
		}
		if p.open {
			m.report(ProbUnbalancedQuote, h.within(v, p.Value))
		}
		for _, seen := range names[:n] {
			if equalFoldBytes(seen, p.Name) {
				m.report(ProbDuplicateParam, h.within(v, p.Name))
				break
			}
		}
		if n < maxNames {
			names[n] = p.Name
			n++
		}
	}
}

// emptyElement reports an element of a comma list that has nothing in it: elem itself, or what is
// behind the last comma.
func (m *Message) emptyElement(h *Header, elem, rest []byte) (empty bool) {
	if len(elem) == 0 {
		m.report(ProbEmptyElement, h.Value)
		return true
	}
	if rest != nil && len(trimLeft(rest)) == 0 {
		m.report(ProbEmptyElement, h.Value)
	}
	return false
}

// checkNameAddrs looks at a comma list of addresses.
func (m *Message) checkNameAddrs(h *Header, v []byte, brackets bool) {
	if len(v) == 0 {
		m.report(ProbBadNameAddr, h.Value)
	}
	for b := v; len(b) > 0; {
		e, rest := splitList(b)
		b = rest
		if !m.emptyElement(h, e, rest) {
			m.checkNameAddr(h, v, e, brackets)
		}
	}
}

// checkNameAddr looks at one address e within the value v. brackets says that the header field
// allows no addr-spec.
func (m *Message) checkNameAddr(h *Header, v, e []byte, brackets bool) NameAddr {
	na, _ := ParseNameAddr(e)
	s := h.within(v, e)
	f := na.flaws
	if f&(flawNoURI|flawBracket|flawTail) != 0 {
		m.report(ProbBadNameAddr, s)
	}
	if f&flawQuote != 0 {
		m.report(ProbUnbalancedQuote, s)
	}
	if f&flawDisplay != 0 {
		m.report(displayProblem(na.Display), s)
	}
	// What can be seen in the URI afterwards is left out of ParseNameAddr, which every message needs several times.
	if f&flawURISpace != 0 || f&flawBracket == 0 && hasLWS(na.URI) {
		m.report(ProbURISpace, h.within(v, na.URI))
	}
	if f&flawNoBrackets != 0 && (bytes.IndexByte(na.URI, '?') >= 0 || bytes.IndexByte(na.URI, ',') >= 0) {
		m.report(ProbURINeedsBrackets, h.within(v, na.URI))
	}
	if brackets && f&flawNoBrackets != 0 {
		m.report(ProbRouteNoBrackets, s)
	}
	if f&flawNoURI == 0 {
		m.checkURI(h.within(v, na.URI), na.URI)
	}
	m.checkParams(h, v, na.Params)
	return na
}

// displayProblem says how bad an unquoted display name is. One that holds a separator of the grammar
// can be read in two ways; the others are merely not escaped.
func displayProblem(display []byte) *problem.Code {
	for _, c := range display {
		switch c {
		case ',', ';', '"', '<', '>', ':':
			return ProbBadNameAddr
		}
	}
	return ProbDisplayName
}

// checkURI looks at the parts of a URI.
func (m *Message) checkURI(s problem.Span, b []byte) {
	u, ok := ParseURI(b)
	switch {
	case !ok:
	case u.IsSIP():
		ok = validHost(u.Host) && (u.Port == nil || validPort(u.Port))
	case u.IsTel():
		ok = len(u.User) > 0
	default:
		ok = len(u.Host) > 0
	}
	if !ok {
		m.report(ProbBadURI, s)
		return
	}
	if u.IPv6Broken {
		m.report(ProbBadIPv6, problem.Span{Off: s.Off + uint32(cap(b)-cap(u.Host)), Len: uint32(len(u.Host))})
	}
	for _, c := range b {
		// RFC 3986 2 leaves these no place in any URI; white space has its own problem.
		if c <= ' ' && !isLWS(c) || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}' {
			m.report(ProbURICharacter, s)
			return
		}
	}
}

// validHost reports whether b can be a host (RFC 3261 25.1). Underscores are let through, since names
// of machines have them; brackets are looked at elsewhere.
func validHost(b []byte) bool {
	if len(b) > 0 && b[0] == '[' {
		return b[len(b)-1] == ']'
	}
	for _, c := range b {
		if !isAlpha(c) && !isDigit(c) && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return len(b) > 0
}

func (m *Message) checkRequestURI() {
	b := m.RequestURI.In(m.Raw)
	m.checkURI(m.RequestURI, b)
	u, _ := ParseURI(b)
	if len(u.Headers) > 0 {
		m.report(ProbURIHeaders, m.RequestURI)
	}
	if m.Method == MethodRegister && u.IsSIP() && u.User != nil {
		m.report(ProbRegisterURIUser, m.RequestURI)
	}
}

func (m *Message) checkContacts(h *Header, v []byte) {
	if len(v) == 0 {
		m.report(ProbBadNameAddr, h.Value)
	}
	for b := v; len(b) > 0; {
		e, rest := splitList(b)
		b = rest
		if m.emptyElement(h, e, rest) {
			continue
		}
		c, _ := ParseContact(e)
		if c.Star {
			continue // checkStar
		}
		m.checkNameAddr(h, v, e, false)
		if x, ok := Param(c.Params, "expires"); ok {
			m.checkSeconds(h.within(v, x), x)
		}
		if c.Q != nil && !validQ(c.Q) {
			m.report(ProbBadQ, h.within(v, c.Q))
		}
		if u, _ := ParseURI(c.URI); u.IsSIP() {
			if x, ok := Param(u.Params, "expires"); ok {
				m.report(ProbExpiresInURI, h.within(v, x))
			}
		}
	}
}

// validQ reports whether b is a qvalue: 0 to 1 with up to three decimals (RFC 3261 25.1).
func validQ(b []byte) bool {
	if len(b) == 0 || b[0] != '0' && b[0] != '1' || len(b) > 5 || len(b) > 1 && b[1] != '.' {
		return false
	}
	for _, c := range b[min(len(b), 2):] {
		if !isDigit(c) || b[0] == '1' && c != '0' {
			return false
		}
	}
	return true
}
