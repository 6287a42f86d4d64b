package reginfo

import (
	"bytes"
	"errors"

	"imscope/decode/internal/xmlscan"
	"imscope/decode/problem"
)

// Limits on what is kept of one document. All are far above what a registrar writes (an implicit
// registration set has a handful of identities, a subscription document of a PBX some hundreds) and
// keep one Document below some 10 MB whatever is thrown at it.
const (
	maxDocument      = 8 << 20 // bytes that are looked at; spans would hold 4 GiB
	maxRegistrations = 4096    // registrations in one document
	maxContacts      = 16384   // contacts in one document
	maxParams        = 32768   // unknown-params in one document
	maxContactParams = 64      // unknown-params of one contact
	maxProblems      = 128     // problems of one document; the next one becomes ProbLimit
	maxDepth         = 32      // nested elements; RFC 3680 needs four
)

// ErrNotReginfo is returned for bytes without a reginfo or registration element.
var ErrNotReginfo = errors.New("reginfo: no registration information in the document")

// elem is an element that means something here.
type elem uint8

const (
	elNone elem = iota
	elReginfo
	elRegistration
	elContact
	elURI
	elDisplayName
	elUnknownParam
	elPubGRUU
	elTempGRUU
	elWildcard
	elActions
	elOther
)

// holdsText reports whether the element's content is text that is kept.
func (e elem) holdsText() bool {
	return e == elURI || e == elDisplayName || e == elUnknownParam || e == elWildcard
}

// frame is an open element.
type frame struct {
	elem         elem
	off, nameEnd uint32 // the start tag: offsets of its '<' and of the end of its name
}

// parser is the state of one Parse.
type parser struct {
	d   *Document
	raw []byte
	s   xmlscan.Scanner

	stack [maxDepth]frame
	depth int
	over  int // open elements beyond maxDepth
	cur   elem

	inReg, inContact   bool // the last registration or contact is still open
	sawRoot, rootEnded bool
	reported           reported // once-only problems

	ns bindings

	// amp is the first '&' at or behind ampFrom.
	ampFrom, amp int

	// Text of the open element that holds text: nothing, one borrowed piece, or several pieces
	// joined in scratch.
	pieces         int
	textOff, textE int
	textLiteral    bool
	textScratch    int

	// First text directly inside the open contact: its URI in documents older than the RFC.
	bareOff, bareEnd int
}

// reported remembers which problems of the document as a whole were attached already.
type reported struct {
	noRoot, leading, trailing, dtd, limit, text bool
}

// Parse reads a document. It resets d, borrows raw until the next Parse, and allocates nothing once
// d has grown to the size of the documents. An error means that there was nothing to keep but
// problems.
func (d *Document) Parse(raw []byte) error {
	d.Version, d.State = -1, StateUnknown
	d.Registrations = d.Registrations[:0]
	d.Problems = d.Problems[:0]
	d.contacts = d.contacts[:0]
	d.params = d.params[:0]
	d.scratch = d.scratch[:0]

	if isUTF16(raw) {
		return d.parseUTF16(raw)
	}
	return d.parse(raw)
}

func (d *Document) parse(raw []byte) error {
	var p parser
	p.d = d
	if len(raw) > maxDocument {
		p.limit(maxDocument, len(raw))
		raw = raw[:maxDocument]
	}
	start := 0
	if len(raw) >= 3 && raw[0] == 0xEF && raw[1] == 0xBB && raw[2] == 0xBF {
		p.report(ProbBOM, 0, 3)
		start = 3
	}
	p.raw, p.ampFrom, p.amp = raw, -1, -1
	p.s.Reset(raw, start)
	p.run()
	p.windows()
	if !p.sawRoot && len(d.Registrations) == 0 {
		p.report(ProbUnreadable, 0, len(raw))
		return ErrNotReginfo
	}
	p.duplicates()
	return nil
}

// run walks over all tokens.
func (p *parser) run() {
	s := &p.s
	if s.TextOff < s.TextEnd {
		p.text(s.TextOff, s.TextEnd)
	}
	for s.Next() {
		switch s.Kind {
		case xmlscan.Start:
			if !p.start() {
				return
			}
		case xmlscan.End:
			p.end()
		default:
			p.other()
		}
		if s.TextOff < s.TextEnd {
			p.text(s.TextOff, s.TextEnd)
		}
	}
	if p.depth > 0 {
		// One problem for all that is still open: they share one cause, the cropped end.
		p.unclosed()
		p.closeTo(0)
	}
}

// other handles tokens that are no tags.
func (p *parser) other() {
	s := &p.s
	if s.Damage&xmlscan.Unclosed != 0 {
		p.report(ProbTag, s.Off, s.TextOff)
	}
	switch s.Kind {
	case xmlscan.CData:
		if p.cur.holdsText() {
			p.addText(s.BodyOff, s.BodyEnd, true)
		} else {
			p.text(s.BodyOff, s.BodyEnd)
		}
	case xmlscan.Directive:
		if !p.reported.dtd {
			p.reported.dtd = true
			p.report(ProbDTD, s.Off, s.TextOff)
		}
	case xmlscan.PI:
		p.declaration()
	}
}

// declaration looks at the encoding of an XML declaration.
func (p *parser) declaration() {
	body := p.raw[p.s.BodyOff:p.s.BodyEnd]
	if len(body) < 4 || string(body[:3]) != "xml" || !xmlscan.IsSpace(body[3]) {
		return
	}
	i := bytes.Index(body, []byte("encoding"))
	if i < 0 {
		return
	}
	v := bytes.Trim(body[i+len("encoding"):], "= \t\r\n")
	if len(v) < 2 {
		return
	}
	if j := bytes.IndexByte(v[1:], v[0]); j >= 0 {
		v = v[1 : j+1]
	}
	if !equalFold(v, "utf-8") && !equalFold(v, "utf8") && !equalFold(v, "us-ascii") {
		p.report(ProbEncoding, p.s.BodyOff, p.s.BodyEnd)
	}
}

// report attaches a problem for raw[off:end].
func (p *parser) report(code *problem.Code, off, end int) {
	d := p.d
	if len(d.Problems) >= maxProblems {
		p.limit(off, end)
		return
	}
	if end < off {
		end = off
	}
	d.Problems = append(d.Problems, problem.Problem{Code: code, Span: problem.Span{Off: uint32(off), Len: uint32(end - off)}})
}

// limit reports once that something was not kept.
func (p *parser) limit(off, end int) {
	if p.reported.limit {
		return
	}
	p.reported.limit = true
	p.d.Problems = append(p.d.Problems, problem.Problem{Code: ProbLimit, Span: problem.Span{Off: uint32(off), Len: uint32(end - off)}})
}

// windows cuts the flat lists of contacts and parameters into those of each owner, now that the
// lists no longer move.
func (p *parser) windows() {
	d := p.d
	for i := range d.contacts {
		c := &d.contacts[i]
		if c.firstParam < c.lastParam {
			c.Params = d.params[c.firstParam:c.lastParam:c.lastParam]
		}
	}
	for i := range d.Registrations {
		r := &d.Registrations[i]
		if r.first < r.last {
			r.Contacts = d.contacts[r.first:r.last:r.last]
		}
	}
}
