package sip

import "bytes"

func (m *Message) checkVia(h *Header, v []byte) {
	if len(v) == 0 {
		m.report(ProbBadVia, h.Value)
	}
	for b := v; len(b) > 0; {
		e, rest := splitList(b)
		b = rest
		if m.emptyElement(h, e, rest) {
			continue
		}
		via, _ := ParseVia(e)
		s := h.within(v, e)
		if via.flaws&(flawViaProto|flawViaHost|flawViaPort) != 0 {
			m.report(ProbBadVia, s)
		} else if via.flaws&flawViaVersion != 0 {
			m.report(ProbBadViaVersion, s)
		}
		if via.IPv6Broken {
			m.report(ProbBadIPv6, h.within(v, via.Host))
		}
		switch {
		case via.flaws&flawViaBranch != 0:
			m.report(ProbNoBranch, s)
		case equalFold(via.Branch, MagicCookie):
			m.report(ProbEmptyBranch, h.within(v, via.Branch))
		case !via.HasMagicCookie():
			m.report(ProbNoMagicCookie, h.within(v, via.Branch))
		}
		m.checkParams(h, v, via.Params)
	}
}

// checkTags looks for the tags that From and To must and must not have.
func (m *Message) checkTags() {
	if h := m.Header(HdrFrom); h != nil && !m.hasTag(h) {
		m.report(ProbNoFromTag, h.Value)
	}
	h := m.Header(HdrTo)
	if h == nil {
		return
	}
	switch tagged := m.hasTag(h); {
	case m.Method == MethodRegister && tagged:
		m.report(ProbToTagInRegister, h.Value)
	case !m.IsRequest && m.Status > 100 && !tagged:
		m.report(ProbNoToTag, h.Value)
	}
}

func (m *Message) hasTag(h *Header) bool {
	na, _ := ParseNameAddr(h.Value.In(m.Raw))
	tag, _ := Param(na.Params, "tag")
	return len(tag) > 0
}

// checkStar looks at Contact: *, which must be alone and come with Expires: 0 (RFC 3261 10.2.2).
func (m *Message) checkStar() {
	var star *Header
	contacts, zero := 0, false
	for i := range m.Headers {
		h := &m.Headers[i]
		if h.ID != HdrContact {
			continue
		}
		for c, b, ok := NextContact(h.Value.In(m.Raw)); ok; c, b, ok = NextContact(b) {
			contacts++
			if c.Star && star == nil {
				star, zero = h, c.Expires == 0
			}
		}
	}
	if star == nil {
		return
	}
	if n, ok := ParseDeltaSeconds(m.First(HdrExpires)); ok && n == 0 {
		zero = true
	}
	if contacts > 1 || !zero || m.Method != MethodRegister {
		m.report(ProbStarContact, star.Value)
	}
}

// checkRoute compares the topmost Route with who sends the request and with Security-Verify. Both
// comparisons make sense only in front of the first proxy, that is with one Via.
func (m *Message) checkRoute() {
	h := m.Header(HdrRoute)
	if h == nil || !m.IsRequest {
		return
	}
	v := h.Value.In(m.Raw)
	na, _, _ := NextNameAddr(v)
	route, _ := ParseURI(na.URI)
	vias := 0
	var sender Via
	for value := range m.All(HdrVia) {
		for via, b, ok := NextVia(value); ok; via, b, ok = NextVia(b) {
			if vias++; vias == 1 {
				sender = via
			}
		}
	}
	if vias != 1 {
		return
	}
	if isAddress(route.Host) && bytes.Equal(route.Host, sender.Host) {
		m.report(ProbRouteToSelf, h.within(v, na.URI))
	}
	for value := range m.All(HdrSecurityVerify) {
		for s, b, ok := NextSecurity(value); ok; s, b, ok = NextSecurity(b) {
			port, _, known := parseUint(route.Port)
			if s.IsIPsec3GPP() && s.PortS >= 0 && known && port != int64(s.PortS) {
				m.report(ProbSecurityPortMismatch, h.within(v, route.Port))
				return
			}
		}
	}
}

// isAddress reports an IP address that several machines would not share: not 127.0.0.1 or ::1.
func isAddress(host []byte) bool {
	if len(host) == 0 || bytes.HasPrefix(host, []byte("127.")) || string(host) == "[::1]" {
		return false
	}
	if host[0] == '[' {
		return true
	}
	for _, c := range host {
		if !isDigit(c) && c != '.' {
			return false
		}
	}
	return true
}
