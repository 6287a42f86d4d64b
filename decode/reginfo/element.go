package reginfo

import "imscope/decode/internal/xmlscan"

// element names the element of the current tag. Elements of RFC 3680 count only in their namespace,
// so that foreign elements that happen to be called alike are ignored as RFC 3680 5.4 asks; extension
// elements count with any prefix, since everybody declares another namespace for them.
func (p *parser) element() elem {
	s := &p.s
	switch string(p.raw[s.Local:s.NameEnd]) {
	case "contact":
		return p.core(elContact)
	case "uri":
		return p.core(elURI)
	case "registration":
		return p.core(elRegistration)
	case "unknown-param":
		return p.core(elUnknownParam)
	case "display-name":
		return p.core(elDisplayName)
	case "reginfo":
		return elReginfo
	case "pub-gruu":
		return elPubGRUU
	case "temp-gruu":
		return elTempGRUU
	case "wildcardedIdentity":
		return elWildcard
	case "actions":
		return elActions
	}
	return elOther
}

// core returns e if the current tag is in the namespace of RFC 3680, or if there is no root to compare with.
func (p *parser) core(e elem) elem {
	if p.sawRoot && !p.ns.core(p.prefix()) {
		return elOther
	}
	return e
}

// prefix returns the namespace prefix of the current tag without its colon.
func (p *parser) prefix() []byte { return p.raw[p.s.NameOff:max(p.s.NameOff, p.s.Local-1)] }

// start handles a start tag. It returns false where the document is over.
func (p *parser) start() bool {
	s := &p.s
	if p.ns.nested || !p.sawRoot {
		p.bind()
	}
	e := p.element()
	if p.cur.holdsText() {
		if e == elOther {
			// <unknown-param name="+sip.instance">"<urn:uuid:…>"</unknown-param>
			p.report(ProbMarkup, s.Off, s.TextEnd)
			p.addText(s.Off, s.TextEnd, false)
			return true
		}
		p.unclosed()
		p.closeTo(p.depth - 1)
	}
	if p.over > 0 {
		e = elOther
	} else if p.cur == elOther && e == elReginfo && !p.sawRoot {
		p.report(ProbNesting, s.Off, s.NameEnd)
	} else if p.cur == elOther || p.cur == elActions {
		// Content of a foreign element is foreign, except that a registration or contact cannot be
		// inside: then the foreign element lost its end.
		if e == elRegistration || e == elContact && p.inReg {
			p.unclosed()
			for p.cur == elOther || p.cur == elActions {
				p.closeTo(p.depth - 1)
			}
		} else {
			e = elOther
		}
	}
	switch e {
	case elReginfo:
		if p.rootEnded {
			p.report(ProbTrailing, s.Off, len(p.raw))
			return false
		}
		p.root()
	case elRegistration:
		p.registration()
	case elContact:
		p.contact()
	case elURI, elDisplayName, elUnknownParam, elPubGRUU, elTempGRUU:
		p.contactChild(e)
	case elWildcard, elActions:
		if !p.inReg {
			p.misplaced()
			break
		}
		if e == elActions {
			p.d.Registrations[len(p.d.Registrations)-1].Actions = true
		}
		p.skipAttrs()
		p.push(e)
	default:
		p.skipAttrs()
		p.push(elOther)
	}
	return true
}

// root reads the attributes of reginfo.
func (p *parser) root() {
	s := &p.s
	first := !p.sawRoot
	off, name := s.Off, s.NameEnd
	if first {
		p.sawRoot = true
	}
	prefix := p.prefix()
	p.rootAttrs(first)
	if first {
		p.ns.begin(prefix, p.raw[s.TextOff:])
	}
	if !first {
		// A second root inside the first: its attributes fill what the first one lacked.
		p.report(ProbNesting, off, name)
		return
	}
	if p.inReg || p.inContact {
		p.unclosed()
		p.closeTo(0)
	}
	p.push(elReginfo)
}

// registration starts a registration.
func (p *parser) registration() {
	s, d := &p.s, p.d
	if p.inReg || p.inContact {
		p.unclosed()
		for p.inReg || p.inContact {
			p.closeTo(p.depth - 1)
		}
	}
	if p.cur != elReginfo && !p.reported.noRoot {
		p.reported.noRoot = true
		p.report(ProbNoRoot, s.Off, s.NameEnd)
	}
	if len(d.Registrations) >= maxRegistrations {
		p.limit(s.Off, s.NameEnd)
		p.skipAttrs()
		p.push(elOther)
		return
	}
	p.newRegistration()
	p.registrationAttrs()
	p.push(elRegistration)
}

func (p *parser) newRegistration() {
	d := p.d
	d.Registrations = append(d.Registrations, Registration{first: len(d.contacts), last: len(d.contacts)})
}

// emptyContact is a contact of which the document has not said anything yet.
var emptyContact = Contact{CSeq: -1, Expires: -1, RetryAfter: -1, DurationRegistered: -1, TempGRUUFirstCSeq: -1}

// contact starts a contact.
func (p *parser) contact() {
	s, d := &p.s, p.d
	if p.inContact {
		p.unclosed()
		for p.inContact {
			p.closeTo(p.depth - 1)
		}
	}
	if !p.inReg {
		// Its registration was cropped. The contact is kept in a registration without a name; the
		// next contacts join it.
		p.report(ProbNesting, s.Off, s.NameEnd)
		if n := len(d.Registrations); n == 0 || d.Registrations[n-1].Span.Len != 0 {
			if n >= maxRegistrations {
				p.limit(s.Off, s.NameEnd)
				p.skipAttrs()
				p.push(elOther)
				return
			}
			p.newRegistration()
		}
	}
	if len(d.contacts) >= maxContacts {
		p.limit(s.Off, s.NameEnd)
		p.skipAttrs()
		p.push(elOther)
		return
	}
	d.contacts = append(d.contacts, emptyContact)
	c := p.open()
	c.firstParam, c.lastParam = len(d.params), len(d.params)
	c.owner = len(d.Registrations) - 1
	d.Registrations[c.owner].last = len(d.contacts)
	p.bareOff, p.bareEnd = 0, 0
	p.contactAttrs()
	p.push(elContact)
}

// contactChild starts an element that belongs into a contact.
func (p *parser) contactChild(e elem) {
	if p.cur != elContact {
		p.misplaced()
		return
	}
	s := &p.s
	c := p.open()
	switch e {
	case elUnknownParam:
		if !p.paramAttrs(c) {
			p.push(elOther)
			return
		}
	case elPubGRUU, elTempGRUU:
		p.gruuAttrs(c, e)
	default:
		p.skipAttrs()
	}
	if e == elURI && c.URI != nil || e == elDisplayName && c.DisplayName != nil {
		p.report(ProbChildTwice, s.Off, s.NameEnd)
		e = elOther
	}
	p.push(e)
}

// misplaced skips an element that stands where it means nothing.
func (p *parser) misplaced() {
	p.report(ProbNesting, p.s.Off, p.s.NameEnd)
	p.skipAttrs()
	p.push(elOther)
}

// open returns the open contact.
func (p *parser) open() *Contact { return &p.d.contacts[len(p.d.contacts)-1] }

// push opens the element of the current tag, whose attributes have been read; an element that closes
// itself is closed again.
func (p *parser) push(e elem) {
	s := &p.s
	if p.over > 0 || p.depth == maxDepth {
		if !s.SelfClosing {
			p.over++
		}
		p.limit(s.Off, s.NameEnd)
		return
	}
	p.ns.settle(p.depth)
	p.stack[p.depth] = frame{elem: e, off: uint32(s.Off), nameEnd: uint32(s.NameEnd)}
	p.depth++
	p.cur = e
	switch e {
	case elRegistration:
		p.inReg = true
	case elContact:
		p.inContact = true
	case elURI, elDisplayName, elUnknownParam, elWildcard:
		p.pieces = 0
	}
	if s.SelfClosing {
		p.closeTo(p.depth - 1)
	}
}

// end handles an end tag.
func (p *parser) end() {
	s := &p.s
	if s.Damage&xmlscan.Unclosed != 0 {
		p.report(ProbTag, s.Off, s.NameEnd)
	}
	if p.over > 0 {
		p.over--
		return
	}
	name := p.raw[s.NameOff:s.NameEnd]
	if p.depth > 0 {
		if f := &p.stack[p.depth-1]; string(p.raw[f.off+1:f.nameEnd]) == string(name) {
			p.closeTo(p.depth - 1)
			return
		}
	}
	e := p.element()
	for i := p.depth - 1; i >= 0; i-- {
		f := &p.stack[i]
		if f.elem == e && e != elOther || string(p.raw[f.off+1:f.nameEnd]) == string(name) {
			p.unclosed()
			p.closeTo(i)
			return
		}
	}
	if p.rootEnded && p.depth == 0 {
		p.trailing(s.Off, s.TextOff)
		return
	}
	p.report(ProbStrayEnd, s.Off, s.TextOff)
}

func (p *parser) trailing(off, end int) {
	if !p.reported.trailing {
		p.reported.trailing = true
		p.report(ProbTrailing, off, end)
	}
}

// unclosed reports that the innermost open element has no end tag.
func (p *parser) unclosed() {
	f := &p.stack[p.depth-1]
	p.report(ProbUnclosed, int(f.off), int(f.nameEnd))
}

// closeTo closes open elements until depth are left.
func (p *parser) closeTo(depth int) {
	p.over = 0
	for p.depth > depth {
		p.depth--
		f := &p.stack[p.depth]
		p.cur = elNone
		if p.depth > 0 {
			p.cur = p.stack[p.depth-1].elem
		}
		switch f.elem {
		case elReginfo:
			p.rootEnded = true
		case elRegistration:
			p.inReg = false
		case elContact:
			p.inContact = false
			p.endContact(f)
		case elURI, elDisplayName, elUnknownParam, elWildcard:
			p.endText(f)
		}
	}
}
