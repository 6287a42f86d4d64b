package story

import (
	"slices"
	"strconv"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/reginfo"
)

// merge brings the watcher's view up to the document and writes down what changed.
func (t *Teller) merge(s *subscription, d *fact.Document, pub *Document) {
	t.changes, t.unmentioned = t.changes[:0], t.unmentioned[:0]
	for _, w := range s.regs {
		w.before, w.listed = w.word(), false
	}
	for i := range d.Registrations {
		r := &d.Registrations[i]
		w := s.watched(r.AOR.Key)
		if w == nil {
			w = t.room.watched.One()
			w.aor = r.AOR
			s.regs, s.keys = t.room.watchedPtr.Add(s.regs, w), t.room.keys.Add(s.keys, r.AOR.Key)
		}
		// Where a document has two elements of one address-of-record, the second adds to the first.
		t.registration(w, r, d.State == reginfo.StateFull && !w.listed)
		w.listed = true
	}
	for _, w := range s.regs {
		if w.listed {
			continue
		}
		if d.State == reginfo.StateFull {
			// A full document replaces everything: what it does not list is gone.
			for i := range w.contacts {
				if c := &w.contacts[i]; c.active {
					t.removedChange(w, c, "the identity is not listed any more")
				}
			}
			if w.active && len(w.contacts) == 0 {
				t.changed(w, Change{Kind: Removed, From: "active", Expires: fact.Absent, Retry: fact.Absent})
			}
			w.active, w.init, w.contacts = false, false, w.contacts[:0]
			continue
		}
		for i := range w.contacts {
			if c := &w.contacts[i]; c.active {
				t.unmention(w, c)
			}
		}
	}
	pub.Changes = t.made.changes.Some(len(t.changes))
	copy(pub.Changes, t.changes)
	pub.Unmentioned = t.made.changes.Copy(t.unmentioned)
	pub.Identities = t.made.states.Some(len(s.regs))
	over := false
	for i, w := range s.regs {
		pub.Identities[i] = IdentityState{AOR: w.aor.Raw, State: w.word(), Before: w.before}
		over = over || w.over()
	}
	if over {
		s.drop()
	}
}

// over reports whether an address-of-record was reported as terminated once, RFC 3680 4.7.1.
func (w *watched) over() bool {
	return !w.active && !w.listed && len(w.contacts) == 0 && w.before == "terminated"
}

// drop forgets the addresses-of-record that are over.
func (s *subscription) drop() {
	n := 0
	for i, w := range s.regs {
		if !w.over() {
			s.regs[n], s.keys[n] = w, s.keys[i]
			n++
		}
	}
	s.regs, s.keys = s.regs[:n], s.keys[:n]
	s.index.forget()
}

// changed writes down a change of an address-of-record.
func (t *Teller) changed(w *watched, c Change) {
	c.AOR, c.AORKey = w.aor.Raw, w.aor.Key
	t.changes = append(t.changes, c)
}

// removedChange writes down that a contact is not there any more.
func (t *Teller) removedChange(w *watched, c *watchedContact, note string) {
	t.changed(w, Change{ContactID: c.id, Contact: c.uri, ContactKey: c.key, Kind: Removed,
		From: "active", Expires: fact.Absent, Retry: fact.Absent, Note: note})
}

// unmention writes down that a document does not speak of a contact.
func (t *Teller) unmention(w *watched, c *watchedContact) {
	t.unmentioned = append(t.unmentioned, Change{AOR: w.aor.Raw, AORKey: w.aor.Key, ContactID: c.id, Contact: c.uri, ContactKey: c.key,
		Kind: Unchanged, From: "active", To: "active", Event: c.event, Expires: fact.Absent, Retry: fact.Absent})
}

// registration merges one registration element.
func (t *Teller) registration(w *watched, r *fact.Registration, full bool) {
	was := w.contacts
	used := slices.Grow(t.used[:0], len(was))[:len(was)]
	clear(used)
	t.used = used
	now := w.room[:0]
	for i := range r.Contacts {
		c := &r.Contacts[i]
		active := c.State == reginfo.ContactActive
		ch := Change{ContactID: c.ID, Contact: c.URI, ContactKey: c.Key, To: stateWord(active), Event: c.Event.String(),
			Expires: c.Expires, Retry: c.Retry}
		switch j := match(was, used, c); {
		case j < 0 && active:
			ch.Kind = Added
		case j < 0:
			ch.Kind = Changed
		default:
			o := &was[j]
			used[j] = true
			ch.From = stateWord(o.active)
			switch {
			case o.active != active:
				ch.Kind = Changed
			case active && o.event != ch.Event:
				ch.Kind = Changed
				ch.Note = t.words(o.event, " → ", ch.Event)
			case active && o.q != c.Q:
				ch.Kind = Changed
				ch.Note = t.words("q ", t.preference(o.q), " → ", t.preference(c.Q))
			default:
				ch.Kind = Unchanged
			}
			if o.uri != c.URI && (o.key != c.Key || identity.Contact(o.uri) != identity.Contact(c.URI)) {
				ch.Kind, ch.Note = Changed, t.words("was ", o.uri)
			}
		}
		t.changed(w, ch)
		now = t.room.contacts.Add(now, watchedContact{c.ID, c.URI, c.Key, c.Instance, active, ch.Event, c.Q})
	}
	w.active, w.init = r.State == reginfo.RegActive, r.State == reginfo.RegInit
	if r.State == reginfo.RegUnknown {
		w.active = slices.ContainsFunc(now, func(c watchedContact) bool { return c.active })
	}
	for j := range was {
		o := &was[j]
		switch {
		case used[j] || !o.active && full:
		case full || !w.active:
			if o.active {
				note := "not listed any more"
				if !w.active {
					note = "the registration ended without its contact"
				}
				t.removedChange(w, o, note)
			}
		default:
			now = t.room.contacts.Add(now, *o)
			if o.active {
				t.unmention(w, o)
			}
		}
	}
	// Terminated entries go after being reported, but the next document may list them again.
	w.contacts, w.room = now, was
	if state := w.word(); w.before != state && len(r.Contacts) == 0 {
		t.changed(w, Change{Kind: Changed, From: w.before, To: state, Expires: fact.Absent, Retry: fact.Absent})
	}
}

// preference spells a q value.
func (t *Teller) preference(q int16) string {
	if q == fact.Absent {
		return "none"
	}
	t.text = strconv.AppendFloat(t.text[:0], float64(q)/1000, 'f', -1, 64)
	return t.phrases.of(t.text)
}

// match finds the contact that the watcher knew: by id and URI, else by URI (ids that are pointers
// change), else by id (the URI changed), else by instance.
func match(was []watchedContact, used []bool, c *fact.Contact) int {
	pick, rank := -1, 0
	for j := range was {
		if used[j] {
			continue
		}
		o := &was[j]
		r := 0
		switch {
		case o.key == c.Key && o.id == c.ID:
			r = 4
		case o.key == c.Key:
			r = 3
		case o.id == c.ID && c.ID != "":
			r = 2
		case o.instance != "" && o.instance == c.Instance && c.Key == "":
			r = 1
		}
		if r > rank {
			pick, rank = j, r
		}
	}
	return pick
}
