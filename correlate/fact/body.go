package fact

import (
	"bytes"

	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// maxNesting is how deep parts of a body are looked for in parts: a document beside others, and those beside others.
const maxNesting = 2

// body looks for a reginfo document in the body of a message, reads the first one and reports whether there is one that
// is usable. Of what cannot be read the problems are kept.
func (d *reading) body(p *sip.Part, depth int) bool {
	if isReginfo(p) {
		if p.Encoding == nil {
			return d.reginfo(p.Body)
		}
		d.unread = append(d.unread, reginfo.ProbUnreadable)
		if depth > 0 { // of the message as a whole it is known
			d.unread = append(d.unread, sip.ProbContentEncoding)
		}
		return false
	}
	if depth == maxNesting {
		return false
	}
	for parts := p.Multipart(); ; {
		part, ok := parts.Next()
		if !ok {
			return false
		}
		if d.body(&part, depth+1) {
			return true
		}
	}
}

// Problems gives what is wrong with the reginfo document of a message, and with those before it that cannot be read, as
// Draft.Problems. It is valid until the next call of the Reader.
func (r *Reader) Problems(m *sip.Message) []*problem.Code {
	if !m.IsRequest || m.Method != sip.MethodNotify {
		return nil
	}
	r.notified(m)
	if r.notify.Document != nil {
		r.unread = append(r.unread, r.document.Problems...)
	}
	return r.unread
}

// isReginfo reports whether a body is a reginfo document, by its type or, where that is missing or says no more than
// XML, by its looks.
func isReginfo(p *sip.Part) bool {
	const reginfoType = "application/reginfo+xml"
	switch {
	case len(p.Type) >= len(reginfoType) && bytes.EqualFold(p.Type[:len(reginfoType)], []byte(reginfoType)):
		return true
	case len(p.Type) == 0, p.Is("application/xml"), p.Is("text/xml"):
		return bytes.Contains(p.Body, []byte("<reginfo")) || bytes.Contains(p.Body, []byte("<registration ")) ||
			bytes.Contains(p.Body, []byte(":reginfo"))
	}
	return false
}

// reginfo reads a reginfo document and reports whether anything of it is usable.
func (d *reading) reginfo(body []byte) bool {
	x := &d.x
	if d.doc == nil {
		d.doc = new(reginfo.Document)
	}
	if d.doc.Parse(body) != nil {
		for _, p := range d.doc.Problems {
			d.unread = append(d.unread, p.Code)
		}
		return false
	}
	out := &d.document
	*out = Document{Version: d.doc.Version, State: d.doc.State, Registrations: out.Registrations[:0], Problems: out.Problems[:0]}
	list := d.contacts[:0]
	for i := range d.doc.Registrations {
		r := &d.doc.Registrations[i]
		from := len(list)
		for j := range r.Contacts {
			list = append(list, contactOf(&r.Contacts[j], list))
		}
		// A list that grows leaves those before behind, which are as good.
		out.Registrations = append(out.Registrations, Registration{AOR: uri(r.AOR, x.To), ID: view(r.ID), State: r.State, Contacts: list[from:len(list):len(list)]})
	}
	d.contacts = list
	for _, p := range d.doc.Problems {
		if p.Code.Severity != problem.Info && len(out.Problems) < maxProblems {
			out.Problems = append(out.Problems, p.Code)
		}
	}
	return true
}
