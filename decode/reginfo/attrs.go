package reginfo

import (
	"imscope/decode/internal/xmlscan"
	"imscope/decode/problem"
)

// Attributes that were seen on one tag.
type attrSet uint32

const (
	atVersion attrSet = 1 << iota
	atState
	atAOR
	atID
	atEvent
	atExpires
	atRetryAfter
	atDuration
	atQ
	atCallID
	atCSeq
	atReceived
	atPath
	atUserAgent
	atNamespace
	atName
	atURI
)

// attrs walks over the attributes of one tag.
type attrs struct {
	xmlscan.Attr
	seen attrSet // all that were there …
	got  attrSet // … and those that had a value
}

// take notes attribute k and reports whether its value should be used.
func (p *parser) take(a *attrs, k attrSet) bool {
	if a.Damage == 0 && a.seen&k == 0 {
		a.seen |= k
		a.got |= k
		return true
	}
	return p.takeOdd(a, k)
}

// takeOdd is take for attributes that are damaged or not the first of their name.
func (p *parser) takeOdd(a *attrs, k attrSet) bool {
	if a.Damage != 0 {
		p.report(ProbAttr, a.NameOff, a.ValEnd)
	}
	if a.seen&k != 0 {
		p.report(ProbAttrTwice, a.NameOff, a.ValEnd)
		if a.got&k != 0 {
			return false
		}
	}
	a.seen |= k
	if a.Damage&xmlscan.NoValue != 0 {
		return false
	}
	a.got |= k
	return true
}

// endAttrs reports what was wrong with the tag itself.
func (p *parser) endAttrs() {
	s := &p.s
	if s.Damage == 0 {
		return
	}
	if s.Damage&xmlscan.Unclosed != 0 {
		p.report(ProbTag, s.Off, s.Off+len(trim(p.raw[s.Off:s.TextOff])))
	}
	if s.Damage&xmlscan.TooMany != 0 {
		p.limit(s.Off, s.TextOff)
	}
}

// skipAttrs reads over the attributes of a tag without any that matter.
func (p *parser) skipAttrs() {
	var a xmlscan.Attr
	for p.s.Attr(&a) {
	}
	p.endAttrs()
}

// rootAttrs reads the attributes of reginfo. A later root only fills what the first one lacked.
func (p *parser) rootAttrs(first bool) {
	d := p.d
	var a attrs
	prefix := p.prefix()
	for p.s.Attr(&a.Attr) {
		switch name := p.raw[a.NameOff:a.NameEnd]; string(name) {
		case "version":
			if p.take(&a, atVersion) && d.Version < 0 {
				d.Version = p.version(&a)
			}
		case "state":
			if p.take(&a, atState) && d.State == StateUnknown {
				d.State = State(p.enum(&stateEnum, &a, ProbState))
			}
		default:
			if isNamespace(name, prefix) && p.take(&a, atNamespace) && string(p.value(&a)) != namespace {
				p.report(ProbNamespace, a.NameOff, a.ValEnd)
			}
		}
	}
	p.endAttrs()
	if !first {
		return
	}
	s := &p.s
	if a.seen&atVersion == 0 {
		p.report(ProbVersion, s.Off, s.TextOff)
	}
	if a.seen&atState == 0 {
		p.report(ProbState, s.Off, s.TextOff)
	}
	if a.seen&atNamespace == 0 {
		p.report(ProbNamespace, s.Off, s.TextOff)
	}
}

// isNamespace reports whether name declares the namespace of the prefix.
func isNamespace(name, prefix []byte) bool {
	const xmlns = "xmlns"
	if len(name) < len(xmlns) || string(name[:len(xmlns)]) != xmlns {
		return false
	}
	name = name[len(xmlns):]
	if len(prefix) == 0 {
		return len(name) == 0
	}
	return len(name) == 1+len(prefix) && name[0] == ':' && string(name[1:]) == string(prefix)
}

// registrationAttrs reads the attributes of the registration that was just appended.
func (p *parser) registrationAttrs() {
	s := &p.s
	r := &p.d.Registrations[len(p.d.Registrations)-1]
	var a attrs
	var guess xmlscan.Attr
	guesses := 0
	for s.Attr(&a.Attr) {
		switch string(p.raw[a.NameOff:a.NameEnd]) {
		case "aor":
			if p.take(&a, atAOR) {
				r.AOR = trim(p.value(&a))
			}
		case "id":
			if p.take(&a, atID) {
				r.ID = p.value(&a)
			}
		case "state":
			if p.take(&a, atState) {
				r.State = RegState(p.enum(&regEnum, &a, ProbState))
			}
		default:
			if isURI(p.raw[a.ValOff:a.ValEnd]) {
				guess = a.Attr
				guesses++
			}
		}
	}
	p.endAttrs()
	r.Span = p.tagSpan()
	if len(r.AOR) == 0 {
		r.AOR = nil
		if guesses == 1 {
			r.AOR = trim(p.decode(guess.ValOff, guess.ValEnd))
			p.report(ProbAORName, guess.NameOff, guess.ValEnd)
		} else {
			p.report(ProbNoAOR, s.Off, s.TextOff)
		}
	}
	if len(r.ID) == 0 {
		p.report(ProbNoID, s.Off, s.TextOff)
	}
	if a.seen&atState == 0 {
		p.report(ProbState, s.Off, s.TextOff)
	}
}

// contactAttrs reads the attributes of the contact that was just appended.
func (p *parser) contactAttrs() {
	s := &p.s
	c := p.open()
	var a attrs
	for s.Attr(&a.Attr) {
		switch string(p.raw[a.NameOff:a.NameEnd]) {
		case "id":
			if p.take(&a, atID) {
				c.ID = p.value(&a)
			}
		case "state":
			if p.take(&a, atState) {
				c.State = ContactState(p.enum(&contactEnum, &a, ProbState))
			}
		case "event":
			if p.take(&a, atEvent) {
				c.Event = Event(p.enum(&eventEnum, &a, ProbEvent))
			}
		case "expires":
			if p.take(&a, atExpires) {
				c.Expires = p.number(&a)
			}
		case "retry-after":
			if p.take(&a, atRetryAfter) {
				c.RetryAfter = p.number(&a)
			}
		case "duration-registered":
			if p.take(&a, atDuration) {
				c.DurationRegistered = p.number(&a)
			}
		case "q":
			if p.take(&a, atQ) {
				c.Q = p.value(&a)
			}
		case "callid":
			if p.take(&a, atCallID) {
				c.CallID = p.value(&a)
			}
		case "cseq":
			if p.take(&a, atCSeq) {
				c.CSeq = p.number(&a)
			}
		case "received":
			if p.take(&a, atReceived) {
				c.Received = p.value(&a)
			}
		case "path":
			if p.take(&a, atPath) {
				c.Path = p.value(&a)
			}
		case "user_agent":
			if p.take(&a, atUserAgent) {
				c.UserAgent = p.value(&a)
			}
		}
	}
	p.endAttrs()
	c.Span = p.tagSpan()
	if len(c.ID) == 0 {
		p.report(ProbNoID, s.Off, s.TextOff)
	}
	if a.seen&atState == 0 {
		p.report(ProbState, s.Off, s.TextOff)
	}
	if a.seen&atEvent == 0 {
		p.report(ProbEvent, s.Off, s.TextOff)
	}
}

// paramAttrs reads the name of an unknown-param and appends the parameter to c. It returns false
// where the parameter is not kept.
func (p *parser) paramAttrs(c *Contact) bool {
	s, d := &p.s, p.d
	var a attrs
	var name []byte
	for s.Attr(&a.Attr) {
		if string(p.raw[a.NameOff:a.NameEnd]) == "name" && p.take(&a, atName) {
			name = p.value(&a)
		}
	}
	p.endAttrs()
	if len(name) == 0 {
		p.report(ProbParamName, s.Off, s.TextOff)
		return false
	}
	if c.lastParam-c.firstParam >= maxContactParams || len(d.params) >= maxParams {
		p.limit(s.Off, s.TextOff)
		return false
	}
	d.params = append(d.params, Param{Name: name})
	c.lastParam = len(d.params)
	return true
}

// gruuAttrs reads pub-gruu or temp-gruu (RFC 5628 5). The RFC's prose calls first-cseq "cseq" once,
// and so do some servers.
func (p *parser) gruuAttrs(c *Contact, e elem) {
	s := &p.s
	var a attrs
	var uri []byte
	cseq := int64(-1)
	for s.Attr(&a.Attr) {
		switch string(p.raw[a.NameOff:a.NameEnd]) {
		case "uri":
			if p.take(&a, atURI) {
				uri = trim(p.value(&a))
			}
		case "first-cseq", "cseq":
			if p.take(&a, atCSeq) {
				cseq = p.number(&a)
			}
		}
	}
	p.endAttrs()
	if len(uri) == 0 || e == elTempGRUU && a.seen&atCSeq == 0 {
		p.report(ProbGRUU, s.Off, s.TextOff)
	}
	if len(uri) == 0 {
		return
	}
	switch {
	case e == elPubGRUU && c.PubGRUU == nil:
		c.PubGRUU = uri
	case e == elTempGRUU && c.TempGRUU == nil:
		c.TempGRUU, c.TempGRUUFirstCSeq = uri, cseq
	default:
		p.report(ProbChildTwice, s.Off, s.TextOff)
	}
}

func (p *parser) tagSpan() problem.Span {
	return problem.Span{Off: uint32(p.s.Off), Len: uint32(p.s.TextOff - p.s.Off)}
}
