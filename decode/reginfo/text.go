package reginfo

import (
	"bytes"
	"unicode/utf8"

	"imscope/decode/internal/xmlscan"
)

// value returns the value of a with entities decoded.
func (p *parser) value(a *attrs) []byte { return p.decode(a.ValOff, a.ValEnd) }

// decode returns raw[off:end] with entities decoded: raw itself where there are none. Almost no value
// has an '&'; remembering where the next one is makes that check two comparisons instead of one
// search per value.
func (p *parser) decode(off, end int) []byte {
	if p.ampFrom <= off && end <= p.amp {
		return p.raw[off:end:end]
	}
	return p.decodeFound(off, end)
}

// decodeFound is decode for values that may have an '&'.
func (p *parser) decodeFound(off, end int) []byte {
	if off < p.ampFrom || off > p.amp {
		p.ampFrom, p.amp = off, len(p.raw)
		if i := bytes.IndexByte(p.raw[off:], '&'); i >= 0 {
			p.amp = off + i
		}
		if end <= p.amp {
			return p.raw[off:end:end]
		}
	}
	n := len(p.d.scratch)
	p.unescape(off, end)
	return p.d.scratch[n:len(p.d.scratch):len(p.d.scratch)]
}

// unescape appends raw[off:end] with entities decoded to scratch.
func (p *parser) unescape(off, end int) {
	var bad bool
	p.d.scratch, bad = xmlscan.AppendUnescaped(p.d.scratch, p.raw[off:end])
	if bad {
		p.report(ProbEntity, off, end)
	}
}

// text handles the text raw[off:end] behind a tag.
func (p *parser) text(off, end int) {
	if p.over > 0 {
		return
	}
	switch p.cur {
	case elURI, elDisplayName, elUnknownParam, elWildcard:
		p.addText(off, end, false)
		return
	case elOther, elActions, elPubGRUU, elTempGRUU:
		return
	}
	for off < end && xmlscan.IsSpace(p.raw[off]) {
		off++
	}
	if off == end {
		return
	}
	for xmlscan.IsSpace(p.raw[end-1]) {
		end--
	}
	switch {
	case p.cur == elContact && p.bareOff == p.bareEnd:
		p.bareOff, p.bareEnd = off, end
	case p.depth > 0:
		p.strayText(off, end)
	case p.rootEnded:
		p.trailing(off, end)
	case !p.reported.leading:
		p.reported.leading = true
		p.report(ProbLeadingText, off, end)
	}
}

func (p *parser) strayText(off, end int) {
	if !p.reported.text {
		p.reported.text = true
		p.report(ProbText, off, end)
	}
}

// addText adds a piece to the text of the open element. Comments and CDATA cut a text into pieces;
// literal says that the piece came out of CDATA.
func (p *parser) addText(off, end int, literal bool) {
	if p.pieces == 0 {
		p.textOff, p.textE, p.textLiteral = off, end, literal
		p.pieces = 1
		return
	}
	if p.pieces == 1 {
		p.pieces = 2
		p.textScratch = len(p.d.scratch)
		p.appendPiece(p.textOff, p.textE, p.textLiteral)
	}
	p.appendPiece(off, end, literal)
}

func (p *parser) appendPiece(off, end int, literal bool) {
	if literal {
		p.d.scratch = append(p.d.scratch, p.raw[off:end]...)
		return
	}
	p.unescape(off, end)
}

// content returns the text of the element that is being closed.
func (p *parser) content(f *frame) []byte {
	switch {
	case p.pieces == 0:
		return p.raw[f.nameEnd:f.nameEnd:f.nameEnd]
	case p.pieces > 1:
		return p.d.scratch[p.textScratch:len(p.d.scratch):len(p.d.scratch)]
	case p.textLiteral:
		return p.raw[p.textOff:p.textE:p.textE]
	}
	return p.decode(p.textOff, p.textE)
}

// endText stores the text of the element f that is being closed.
func (p *parser) endText(f *frame) {
	v := p.content(f)
	switch f.elem {
	case elURI:
		c := p.open()
		t := trimURI(v)
		if len(t) != len(v) {
			p.report(ProbURISpace, p.textOff, p.textE)
		}
		if len(t) > 0 {
			c.URI = t
		}
	case elDisplayName:
		// The one place for text in any language, so the one place to see another encoding.
		if !utf8.Valid(v) {
			p.report(ProbEncoding, p.textOff, p.textE)
		}
		p.open().DisplayName = v
	case elUnknownParam:
		prm := &p.d.params[len(p.d.params)-1]
		prm.Value = v
		if c := p.open(); c.Instance == nil && equalFold(prm.Name, "+sip.instance") {
			if t := instance(v); len(t) > 0 {
				c.Instance = t
			}
		}
	case elWildcard:
		r := &p.d.Registrations[len(p.d.Registrations)-1]
		if t := trim(v); r.Wildcard == nil && len(t) > 0 {
			r.Wildcard = t
		}
	}
}

// endContact closes a contact whose start tag was f.
func (p *parser) endContact(f *frame) {
	c := p.open()
	bare := p.bareOff < p.bareEnd
	switch {
	case c.URI != nil && bare:
		p.strayText(p.bareOff, p.bareEnd)
	case c.URI != nil:
	case bare:
		if t := trimURI(p.decode(p.bareOff, p.bareEnd)); len(t) > 0 {
			c.URI = t
		}
		p.report(ProbURIText, p.bareOff, p.bareEnd)
	default:
		p.report(ProbNoURI, int(f.off), int(f.nameEnd))
	}
}

// trim removes white space around v.
func trim(v []byte) []byte {
	for len(v) > 0 && xmlscan.IsSpace(v[0]) {
		v = v[1:]
	}
	for len(v) > 0 && xmlscan.IsSpace(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

// trimURI removes white space and angle brackets around an address.
func trimURI(v []byte) []byte {
	v = trim(v)
	for len(v) >= 2 && v[0] == '<' && v[len(v)-1] == '>' {
		v = trim(v[1 : len(v)-1])
	}
	return v
}

// instance removes white space, quotes and angle brackets around an instance id.
func instance(v []byte) []byte {
	v = trim(v)
	if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
		v = trim(v[1 : len(v)-1])
	}
	return trimURI(v)
}
