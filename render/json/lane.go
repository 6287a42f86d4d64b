package json

import "imscope/correlate/story"

// beliefs writes the members about what each party believed. A segment lasts until the next one begins,
// the last one until the capture's end; "aors" of a lane are the identities that it is about.
func (e *encoder) beliefs(b story.Beliefs) {
	e.key("lanes")
	e.open('[')
	for i := range b.Lanes {
		l := &b.Lanes[i]
		e.open('{')
		e.key("party")
		e.text(l.Party)
		e.key("role")
		e.string(l.Role)
		e.key("contact")
		e.text(l.Contact)
		e.key("private_identity")
		e.text(l.IMPI)
		e.key("aors")
		e.strings(l.AORs)
		e.key("segments")
		e.open('[')
		for j := range l.Segments {
			s := &l.Segments[j]
			e.open('{')
			e.key("from")
			e.time(s.From)
			e.key("frame")
			e.frame(s.Frame)
			e.key("state")
			e.string(s.State)
			e.key("why")
			e.text(s.Why)
			e.close('}')
		}
		e.close(']')
		e.close('}')
	}
	e.close(']')
	e.key("contacts_left_out")
	e.int(int64(b.Dropped))
	e.key("disagreements")
	e.open('[')
	for i := range b.Disagreements {
		e.disagreement(&b.Disagreements[i])
	}
	e.close(']')
	e.key("disagreements_left_out")
	e.int(int64(b.Untold))
}

func (e *encoder) disagreement(d *story.Disagreement) {
	e.open('{')
	e.key("from")
	e.time(d.From)
	e.key("to")
	if d.Open {
		e.null()
	} else {
		e.time(d.To)
	}
	e.key("frame")
	e.frame(d.Frame)
	e.key("duration_ms")
	e.millis(d.To - d.From)
	e.key("contact")
	e.text(d.Contact)
	e.key("private_identity")
	e.text(d.IMPI)
	e.key("aors")
	e.strings(d.AORs)
	e.key("parties")
	e.open('[')
	for i := range d.Views {
		v := &d.Views[i]
		e.open('{')
		e.key("party")
		e.text(v.Party)
		e.key("role")
		e.string(v.Role)
		e.key("state")
		e.string(v.State)
		e.key("since")
		e.time(v.Since)
		e.key("frame")
		e.frame(v.Frame)
		e.key("why")
		e.text(v.Why)
		e.close('}')
	}
	e.close(']')
	e.close('}')
}
