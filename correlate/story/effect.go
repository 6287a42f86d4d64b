package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
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

// effects applies a document to the bindings. t.saw and t.sees are the watcher's view before and after.
func (t *Teller) effects(s *subscription, d *fact.Document, x *fact.Exchange, pub *Document) {
	hop := &x.Request.Hops[0]
	t.marks = t.marks[:0]
	if t.fromServerBefore(hop) {
		return
	}
	for i := range d.Registrations {
		r := &d.Registrations[i]
		for j := range r.Contacts {
			c := &r.Contacts[j]
			if c.State == reginfo.ContactActive {
				was, seen := t.saw.has(place{r.AOR.Key, c.Key})
				t.saysActive(r.AOR.Key, c, hop, pub, seen, was)
			} else if m, ok := t.saysEnded(s, r.AOR.Key, c, pub, x); ok {
				t.marks = append(t.marks, m)
			}
		}
		t.unlisted(d, r, hop)
	}
	// What this watcher knew and is not told any more went without a word.
	for i, p := range t.saw.places {
		if !t.saw.active[i] {
			continue
		}
		if _, still := t.sees.has(p); still {
			continue
		}
		b := t.find(p.contact)
		if b == nil {
			continue
		}
		switch r := b.row(p.aor); {
		case r == nil:
		case !r.active:
			t.attach(r.by, s, x, pub, mark{r, "", true})
		case r.lastFrame < hop.Frame && !t.marked(r):
			t.marks = append(t.marks, mark{r, "", true})
		}
	}
	marks := t.marks
	if len(marks) > 1 {
		slices.SortStableFunc(marks, func(a, b mark) int {
			return cmp.Or(cmp.Compare(a.row.b.place, b.row.b.place), cmp.Compare(a.row.place, b.row.place))
		})
	}
	// One cause for all that this document ends of one contact under one set of identities.
	for len(marks) > 0 {
		n := 1
		for i := 1; i < len(marks) && marks[i].row.b == marks[0].row.b; i++ {
			if t.together(marks[0].row.aor, marks[i].row.aor) {
				m := marks[i]
				copy(marks[n+1:i+1], marks[n:i])
				marks[n] = m
				n++
			}
		}
		t.ended(marks[0].row.b, marks[:n], s, x, pub)
		marks = marks[n:]
	}
}

// fromServerBefore reports whether a document comes from an S-CSCF that the user has left: the HSS told it that another
// one has the user now.
func (t *Teller) fromServerBefore(hop *fact.Hop) bool {
	return slices.ContainsFunc(t.rtrs, func(r *termination) bool {
		return r.cx.ReasonCode == diameter.ReasonNewServerAssigned && r.time <= hop.Time && t.ctx.Addr(r.cx.Request.Last().Dst) == t.ctx.Addr(hop.Src) && t.movesOn(r, nil)
	})
}

// marked reports whether the present document marks a row.
func (t *Teller) marked(r *row) bool {
	for _, m := range t.marks {
		if m.row == r {
			return true
		}
	}
	return false
}

// saysActive takes an active contact. seen says that this watcher knew of it before, was that it knew it as active.
func (t *Teller) saysActive(aor string, c *fact.Contact, hop *fact.Hop, pub *Document, seen, was bool) {
	revived := seen && !was // the watcher had been told its end
	event := c.Event.String()
	b := t.find(c.Key)
	if b == nil {
		b = t.bind(c.Key, c.URI, c.Instance)
	}
	since := int64(0)
	switch {
	case !pub.First:
		since = hop.Time
	case b.answerAt != 0 && len(b.rows) > 0:
		since = b.rows[0].since // the REGISTER that the capture holds registered it as well
	}
	switch r := b.row(aor); {
	case r != nil && r.active, r == nil && b.active(), len(b.rows) == 0:
	case r != nil && !revived && hop.Time-r.ended <= settleTime:
		return // sent before the end, seen behind it
	case r != nil && was && t.neverEnded(r, c, hop):
	case b.active():
	default:
		for _, o := range b.rows {
			if !revived && hop.Time-o.ended <= settleTime {
				return
			}
		}
		b = t.bind(c.Key, c.URI, c.Instance)
	}
	r := t.confirm(b, aor, event, hop.Frame, hop.Time, since)
	r.told = true
	if c.Expires != fact.Absent && c.Expires < 1<<32 {
		r.runsOut(hop.Time+c.Expires*second, c.Event == reginfo.EventShortened)
		if c.Event == reginfo.EventShortened && r.shortened == 0 {
			r.shortened, r.shortTo = hop.Frame, c.Expires
		}
	}
}

// outlived takes note of registrations that a partial document calls active while it ends all contacts that its watcher knows
// of: others may be bound to them (RFC 3680 5.1) unless a full document had listed all.
func (t *Teller) outlived(s *subscription, d *fact.Document, x *fact.Exchange) {
	for i := range d.Registrations {
		r := &d.Registrations[i]
		w := s.watched(r.AOR.Key)
		if r.State != reginfo.RegActive || w == nil || slices.ContainsFunc(w.contacts, func(c watchedContact) bool { return c.active }) {
			continue
		}
		for j := range r.Contacts {
			b := t.find(r.Contacts[j].Key)
			if b == nil {
				continue
			}
			o := b.row(r.AOR.Key)
			if o == nil || o.active || o.by == nil || !slices.Contains(o.by.notifies, x) {
				continue
			}
			list := &o.by.stays
			if s.whole {
				list = &o.by.claimed
			}
			if slices.Contains(*list, r.AOR.Key) {
				continue
			}
			*list = t.room.keys.Add(*list, r.AOR.Key)
			if !s.whole {
				t.evidence(o.by, x.FirstFrame(), "reginfo calls ", r.AOR.Raw, " active: by a contact that the capture does not show")
			}
		}
	}
}

// neverEnded reports whether a document shows that the registrar did nothing of what a REGISTER asked and was answered
// 2xx, and takes it back: long after, it still lists the contact, as granted before.
func (t *Teller) neverEnded(r *row, c *fact.Contact, hop *fact.Hop) bool {
	d := r.by
	if d.attempt == nil || len(d.told) > 0 || c.Expires != fact.Absent && r.latest != 0 && hop.Time+c.Expires*second > r.latest+5*second {
		return false
	}
	d.attempt.ignored = true
	t.evidence(d, hop.Frame, "reginfo still lists ", c.URI, " as active")
	for _, o := range d.rows {
		o.active, o.ended, o.by, o.event = true, 0, nil, "registered"
	}
	d.rows, d.bindings = nil, nil
	return true
}

// staleNews finds the end that a document tells late, of a contact that is bound again since: its REGISTER's Call-ID and
// CSeq say so (RFC 3680 5.3), else the time.
func (t *Teller) staleNews(s *subscription, r *row, c *fact.Contact, x *fact.Exchange) *row {
	now := x.Request.First().Time
	switch {
	case c.CallID != "" && c.CSeq > 0 && c.CallID == r.callID:
		if c.CSeq >= r.cseq {
			return nil
		}
	case r.answerAt == 0 || now-r.answerAt > settleTime:
		return nil
	}
	for _, b := range slices.Backward(t.bindings) {
		if b == r.b || b.key != r.b.key {
			continue
		}
		o := b.row(r.aor)
		if o == nil || o.active || o.by == nil || now-o.ended > reach {
			return nil
		}
		if told := o.by.toldIn(s); told != nil && told.x != x {
			return nil // it knows already
		}
		return o
	}
	return nil
}

// saysEnded takes a terminated contact; ok is false where it says nothing new about a binding.
func (t *Teller) saysEnded(s *subscription, aor string, c *fact.Contact, pub *Document, x *fact.Exchange) (m mark, ok bool) {
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
		r = t.confirm(b, aor, "", x.Request.First().Frame, 0, 0)
		r.lastFrame = 0
	case r == nil:
		// The identity was not known to belong to it: it went with the others.
		r = t.newRow(b, row{aor: aor, event: event, ended: x.Request.First().Time, by: b.rows[len(b.rows)-1].by})
		r.by.rows = t.room.rowPtr.Add(r.by.rows, r)
	}
	if r.active {
		if o := t.staleNews(s, r, c, x); o != nil {
			r = o
		}
	}
	if !r.active && r.by != nil {
		if c.Event != reginfo.EventUnknown {
			r.event = event
		}
		t.attach(r.by, s, x, pub, mark{r, event, false})
		return m, false
	}
	return mark{r, event, false}, true
}

// unlisted marks the contacts of an address-of-record that a document should list and does not.
func (t *Teller) unlisted(d *fact.Document, r *fact.Registration, hop *fact.Hop) {
	terminated := r.State == reginfo.RegTerminated
	if d.State != reginfo.StateFull && !terminated {
		return
	}
	for _, b := range t.bindings {
		for _, row := range b.rows {
			if identity.Emergency(b.key) && !row.told {
				continue // which many registrars tell nobody
			}
			if !row.active || row.aor != r.AOR.Key || row.lastFrame == hop.Frame || t.lists(d, r.AOR.Key, b) || t.marked(row) {
				continue
			}
			// A document may leave before a binding that is only just made.
			if !terminated && !row.told && hop.Time-row.since < settleTime {
				continue
			}
			t.marks = append(t.marks, mark{row, "", true})
		}
	}
}

// lists reports whether a document lists a binding's contact under an address-of-record.
func (t *Teller) lists(d *fact.Document, aor string, b *binding) bool {
	for i := range d.Registrations {
		r := &d.Registrations[i]
		if r.AOR.Key != aor {
			continue
		}
		for j := range r.Contacts {
			if t.find(r.Contacts[j].Key) == b {
				return true
			}
		}
	}
	return false
}
