package sip

import "bytes"

// URI is a SIP, SIPS or tel URI cut into its parts (RFC 3261 19.1, RFC 3966), or another one of which
// only the scheme is known. The slices borrow the bytes given to ParseURI; escapes are kept.
type URI struct {
	Scheme   []byte // as spelled, without the colon
	User     []byte // sip, sips: in front of @; tel: the number
	Password []byte
	Host     []byte // IPv6 with its brackets; other schemes: everything behind the colon
	Port     []byte // digits as written
	Params   []byte // from the first semicolon on, that one included: ";comp=sigcomp;lr"
	Headers  []byte // behind the question mark: "Subject=x&Priority=urgent"

	// IPv6Broken is set when Host is in brackets and no IPv6 address, like [5555:1:2:3:4].
	IPv6Broken bool
}

// ParseURI cuts b into its parts. ok is false when there is no scheme; then Host has all of b. What
// is wrong inside the parts is left to [Message.Check].
func ParseURI(b []byte) (u URI, ok bool) {
	b = trim(b)
	i := schemeEnd(b)
	if i < 0 {
		u.Host = b
		return u, false
	}
	u.Scheme = b[:i]
	rest := b[i+1:]
	switch {
	case u.IsSIP():
		u.parseSIP(rest)
	case u.IsTel():
		u.User, u.Params = cutParams(rest)
	default:
		u.Host = rest
	}
	return u, true
}

// schemeEnd returns the offset of the colon behind a scheme (RFC 3986 3.1), or -1.
func schemeEnd(b []byte) int {
	if len(b) == 0 || !isAlpha(b[0]) {
		return -1
	}
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == ':':
			return i
		case !isAlpha(c) && !isDigit(c) && c != '+' && c != '-' && c != '.':
			return -1
		}
	}
	return -1
}

func cutParams(b []byte) (before, params []byte) {
	if i := bytes.IndexByte(b, ';'); i >= 0 {
		return b[:i], b[i:]
	}
	return b, nil
}

// parseSIP reads what follows "sip:". The user part may hold ; and ? (RFC 3261 25.1), so the @ is
// looked for first.
func (u *URI) parseSIP(b []byte) {
	if i := bytes.IndexByte(b, '@'); i >= 0 {
		u.User, b = b[:i], b[i+1:]
		if j := bytes.IndexByte(u.User, ':'); j >= 0 {
			u.User, u.Password = u.User[:j], u.User[j+1:]
		}
	}
	u.Host, u.Port, b = cutHostPort(b)
	if i := bytes.IndexByte(b, '?'); i >= 0 {
		u.Headers, b = b[i+1:], b[:i]
	}
	u.Params = b
	u.IPv6Broken = brokenIPv6(u.Host)
}

// cutHostPort cuts host and port off b. rest begins with the first of ; ? or with what does not
// belong to a host or port.
func cutHostPort(b []byte) (host, port, rest []byte) {
	i := 0
	if len(b) > 0 && b[0] == '[' {
		for i < len(b) && b[i] != ']' && b[i] != ';' && b[i] != '?' {
			i++
		}
		if i < len(b) && b[i] == ']' {
			i++
		}
	}
	for i < len(b) && b[i] != ':' && b[i] != ';' && b[i] != '?' {
		i++
	}
	host, rest = b[:i], b[i:]
	if len(rest) > 0 && rest[0] == ':' {
		i = 1
		for i < len(rest) && rest[i] != ';' && rest[i] != '?' {
			i++
		}
		port, rest = rest[1:i], rest[i:]
	}
	return host, port, rest
}

// brokenIPv6 reports whether host is in brackets without being an IPv6 address.
func brokenIPv6(host []byte) bool {
	return len(host) > 0 && host[0] == '[' && !IPv6Host(host).IsValid()
}

// IsSIP reports a sip: or sips: URI.
func (u URI) IsSIP() bool { return equalFold(u.Scheme, "sip") || equalFold(u.Scheme, "sips") }

// IsTel reports a tel: URI.
func (u URI) IsTel() bool { return equalFold(u.Scheme, "tel") }
