package json

import "imscope/correlate/story"

// beliefs writes the members about what each party believed. A segment lasts until the next one begins,
// the last one until the capture's end; "aors" of a lane are the identities that it is about.
func (e *encoder) beliefs(b story.Beliefs) {
	list(e, `"lanes":`, b.Lanes, (*encoder).lane)
	e.int(`,"contacts_left_out":`, int64(b.Dropped))
	list(e, `,"disagreements":`, b.Disagreements, (*encoder).disagreement)
	e.int(`,"disagreements_left_out":`, int64(b.Untold))
}

func (e *encoder) lane(l *story.Lane) {
	e.text(`"party":`, l.Party)
	e.string(`,"role":`, l.Role)
	e.text(`,"contact":`, l.Contact)
	e.text(`,"private_identity":`, l.IMPI)
	e.strings(`,"aors":`, l.AORs)
	list(e, `,"segments":`, l.Segments, (*encoder).segment)
}

func (e *encoder) segment(s *story.Segment) {
	e.time(`"from":`, s.From)
	e.frame(`,"frame":`, s.Frame)
	e.string(`,"state":`, s.State)
	e.text(`,"why":`, s.Why)
}

func (e *encoder) disagreement(d *story.Disagreement) {
	to := d.To
	if d.Open {
		to = 0
	}
	e.time(`"from":`, d.From)
	e.time(`,"to":`, to)
	e.frame(`,"frame":`, d.Frame)
	e.millis(`,"duration_ms":`, d.To-d.From)
	e.text(`,"contact":`, d.Contact)
	e.text(`,"private_identity":`, d.IMPI)
	e.strings(`,"aors":`, d.AORs)
	list(e, `,"parties":`, d.Views, (*encoder).view)
}

func (e *encoder) view(v *story.View) {
	e.text(`"party":`, v.Party)
	e.string(`,"role":`, v.Role)
	e.string(`,"state":`, v.State)
	e.time(`,"since":`, v.Since)
	e.frame(`,"frame":`, v.Frame)
	e.text(`,"why":`, v.Why)
}
