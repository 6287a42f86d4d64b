package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/decode/reginfo"
)

// mark is what a document says of the end of one contact under one address-of-record.
type mark struct {
	row    *row
	event  string
	silent bool // the contact was not listed: only the document before shows that it ended
}

// settleTime is how long two views of the same moment may contradict each other on their way.
const settleTime = 2 * second

// effects applies a document to the bindings. known and knows are the watcher's view before and after.
func (t *teller) effects(s *subscription, known, knows map[[2]string]bool, d *fact.Document, x *fact.Exchange, pub *Document) {
	hop := x.Request.First()
	var marks []mark
	for i := range d.Registrations {
		r := &d.Registrations[i]
		for j := range r.Contacts {
			c := &r.Contacts[j]
			if c.State == reginfo.ContactActive {
				was, seen := known[[2]string{r.AOR.Key, c.Key}]
				t.saysActive(r.AOR.Key, c, hop, pub, seen && !was)
			} else if m, ok := t.saysEnded(s, r.AOR.Key, c, pub, x); ok {
				marks = append(marks, m)
			}
		}
		marks = append(marks, t.unlisted(r, d.State == reginfo.StateFull, hop)...)
	}
	// What this watcher knew and is not told any more went without a word.
	for k, was := range known {
		if _, still := knows[k]; !was || still {
			continue
		}
		b := t.find(k[1])
		if b == nil {
			continue
		}
		switch r := b.row(k[0]); {
		case r == nil:
		case !r.active:
			t.attach(r.by, s, x, pub, mark{r, "", true})
		case r.lastFrame < hop.Frame && !slices.ContainsFunc(marks, func(m mark) bool { return m.row == r }):
			marks = append(marks, mark{r, "", true})
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return t.rowOrder(a.row) - t.rowOrder(b.row) })
	// One cause for all that this document ends of one contact.
	for len(marks) > 0 {
		b := marks[0].row.b
		var mine, rest []mark
		for _, m := range marks {
			if m.row.b == b {
				mine = append(mine, m)
			} else {
				rest = append(rest, m)
			}
		}
		t.ended(b, mine, s, x, pub)
		marks = rest
	}
}

// rowOrder gives rows a fixed order, since they come out of a map.
func (t *teller) rowOrder(r *row) int {
	n := 0
	for _, b := range t.bindings {
		for _, o := range b.rows {
			if o == r {
				return n
			}
			n++
		}
	}
	return n
}

// saysActive takes an active contact. revived says that this watcher had been told its end.
func (t *teller) saysActive(aor string, c *fact.Contact, hop fact.Hop, pub *Document, revived bool) {
	event := c.Event.String()
	since := int64(0)
	if !pub.First {
		since = hop.Time
	}
	b := t.find(c.Key)
	if b == nil {
		b = t.bind(c.Key, c.URI, c.Instance)
	}
	switch r := b.row(aor); {
	case r != nil && r.active, r == nil && b.active(), len(b.rows) == 0:
	case r != nil && !revived && hop.Time-r.ended <= settleTime:
		return // sent before the end, seen behind it
	case b.active():
	default:
		for _, o := range b.rows {
			if !revived && hop.Time-o.ended <= settleTime {
				return
			}
		}
		b = t.bind(c.Key, c.URI, c.Instance)
	}
	r := b.confirm(aor, event, hop.Frame, hop.Time, since)
	r.told = true
	if c.Expires != fact.Absent && c.Expires < 1<<32 {
		b.runsOut(hop.Time+c.Expires*second, c.Event == reginfo.EventShortened)
	}
}

// saysEnded takes a terminated contact; ok is false where it says nothing new about a binding.
func (t *teller) saysEnded(s *subscription, aor string, c *fact.Contact, pub *Document, x *fact.Exchange) (m mark, ok bool) {
	event := c.Event.String()
	b := t.find(c.Key)
	if b == nil {
		if pub.First && !s.pub.MidDialog {
			return m, false // an old story that the first full document still tells
		}
		b = t.bind(c.Key, c.URI, c.Instance)
	}
	r := b.row(aor)
	switch {
	case r == nil && (b.active() || len(b.rows) == 0):
		r = b.confirm(aor, "", x.Request.First().Frame, 0, 0)
		r.lastFrame = 0
	case r == nil:
		// The identity was not known to belong to it: it went with the others.
		r = &row{b: b, aor: aor, event: event, ended: x.Request.First().Time, by: b.rows[len(b.rows)-1].by}
		b.rows = append(b.rows, r)
		r.by.rows = append(r.by.rows, r)
	}
	if !r.active && r.by != nil {
		t.attach(r.by, s, x, pub, mark{r, event, false})
		return m, false
	}
	return mark{r, event, false}, true
}

// unlisted finds the contacts of an address-of-record that a document should list and does not.
func (t *teller) unlisted(r *fact.Registration, full bool, hop fact.Hop) []mark {
	terminated := r.State == reginfo.RegTerminated
	if !full && !terminated {
		return nil
	}
	var marks []mark
	for _, row := range t.activeRows(r.AOR.Key) {
		if row.lastFrame == hop.Frame || slices.ContainsFunc(r.Contacts, func(c fact.Contact) bool { return t.find(c.Key) == row.b }) {
			continue
		}
		// A document may leave before a binding that is only just made.
		if !terminated && !row.told && hop.Time-row.since < settleTime {
			continue
		}
		marks = append(marks, mark{row, "", true})
	}
	return marks
}
