package story

import (
	"slices"
	"strconv"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/reginfo"
)

// notify sees a NOTIFY for the first time.
func (t *teller) notify(x *fact.Exchange) {
	n, now := x.Notify, x.Request.First().Time
	s := t.dialog(x, x.To, x.ToTag, x.RequestURI)
	if s.source == 0 {
		// The capture does not hold the SUBSCRIBE: the NOTIFY's way tells the watcher.
		s.source = x.Request.Last().Dst
		s.pub.MidDialog = true
		s.pub.WatcherNode = t.label.of(s.source)
		s.pub.Watcher = t.watcher(x.To, fact.URI{}, s.source, false)
	}
	s.pub.Notifications++
	s.pub.Exchanges = append(s.pub.Exchanges, x)
	switch n.State {
	case "terminated":
		s.pub.State, s.pub.Reason, s.pub.Ended, s.ended = n.State, n.Reason, now, true
	case "active", "pending":
		if !s.ended {
			s.pub.State = n.State
		}
		if n.Expires != fact.Absent {
			s.pub.Expires = now + n.Expires*second
		}
	}
	if n.Document != nil {
		t.document(s, x)
	}
}

// subscriptionState spells the Subscription-State header without what changes from NOTIFY to NOTIFY.
func subscriptionState(n *fact.Notify) string {
	if n.Reason != "" {
		return n.State + ";reason=" + n.Reason
	}
	return n.State
}

// document applies a reginfo document to what its watcher knows and to the bindings (RFC 3680 5.2).
func (t *teller) document(s *subscription, x *fact.Exchange) {
	d, hop := t.resolved(s, x.Notify.Document), x.Request.First()
	pub := &Document{
		Frame: hop.Frame, Time: hop.Time, Version: d.Version, State: d.State,
		SubscriptionState: subscriptionState(x.Notify), First: !s.seen, Before: s.version, Exchange: x,
	}
	if final := x.Final(); final != nil {
		pub.Answer = final.Status
	}
	for _, p := range d.Problems {
		pub.Problems = append(pub.Problems, p.Title)
	}
	s.pub.Documents = append(s.pub.Documents, pub)
	if s.seen && d.Version != fact.Absent && s.version != fact.Absent {
		switch {
		case d.Version < s.version:
			pub.Stale = true
		case d.Version == s.version:
			pub.Duplicate = sameDocument(d, s.last)
		case d.Version > s.version+1:
			pub.Gap = true
		}
	}
	if pub.Stale && d.State != reginfo.StateFull {
		return // "discard without processing"; a full one with a lower version is a notifier that began anew
	}
	s.view(t.saw)
	s.merge(d, pub)
	s.seen, s.version, s.last = true, d.Version, d
	s.view(t.sees)
	t.effects(s, t.saw, t.sees, d, x, pub)
}

// resolved gives a document in which every contact has the key that the user's bindings know it by.
// A URI that nobody knows, under an id that is known for this address-of-record, is the same contact
// (RFC 3680 5.1: another URI must have another id): it was damaged, or changed in place.
func (t *teller) resolved(s *subscription, d *fact.Document) *fact.Document {
	out := d
	for i := range d.Registrations {
		r := &d.Registrations[i]
		for j := range r.Contacts {
			c := &r.Contacts[j]
			if c.ID == "" || t.find(c.Key) != nil {
				continue
			}
			key := t.byID(s, r.AOR.Key, c.ID)
			if key == "" {
				continue
			}
			if out == d {
				clone := *d
				clone.Registrations = slices.Clone(d.Registrations)
				for k := range clone.Registrations {
					clone.Registrations[k].Contacts = slices.Clone(d.Registrations[k].Contacts)
				}
				out = &clone
			}
			out.Registrations[i].Contacts[j].Key = key
		}
	}
	return out
}

// byID finds a contact by its id: in the watcher's own view, else in that of another watcher of the
// same user, since one registrar makes the ids of all.
func (t *teller) byID(s *subscription, aor, id string) string {
	if k := s.byID(aor, id); k != "" {
		return k
	}
	for _, o := range t.subs {
		if k := o.byID(aor, id); k != "" {
			return k
		}
	}
	return ""
}

func (s *subscription) byID(aor, id string) string {
	if w := s.regs[aor]; w != nil {
		for _, c := range w.contacts {
			if c.id == id {
				return c.key
			}
		}
	}
	return ""
}

// view remembers which contacts the watcher knew, and as what.
func (s *subscription) view(v map[[2]string]bool) {
	clear(v)
	for key, w := range s.regs {
		for _, c := range w.contacts {
			v[[2]string{key, c.key}] = c.active
		}
	}
}

// merge brings the watcher's view up to the document and writes down what changed.
func (s *subscription) merge(d *fact.Document, pub *Document) {
	for _, w := range s.regs {
		w.before, w.listed = stateWord(w.active), false
	}
	pub.Changes = make([]Change, 0, len(d.Registrations))
	for i := range d.Registrations {
		r := &d.Registrations[i]
		w := s.regs[r.AOR.Key]
		if w == nil {
			w = &watched{aor: r.AOR}
			s.regs[r.AOR.Key] = w
			s.keys = append(s.keys, r.AOR.Key)
		}
		w.id, w.listed = r.ID, true
		s.registration(w, r, d.State == reginfo.StateFull, w.before, pub)
	}
	for _, k := range s.keys {
		w := s.regs[k]
		if w == nil || w.listed {
			continue
		}
		if d.State == reginfo.StateFull {
			// A full document replaces everything: what it does not list is gone.
			for _, c := range w.contacts {
				if c.active {
					pub.Changes = append(pub.Changes, Change{AOR: w.aor.Raw, AORKey: w.aor.Key, ContactID: c.id, Contact: c.uri, ContactKey: c.key, Kind: Removed,
						From: "active", Expires: fact.Absent, Retry: fact.Absent, Note: "the identity is not listed any more"})
				}
			}
			if w.active && len(w.contacts) == 0 {
				pub.Changes = append(pub.Changes, Change{AOR: w.aor.Raw, AORKey: w.aor.Key, Kind: Removed, From: "active", Expires: fact.Absent, Retry: fact.Absent})
			}
			w.active, w.contacts = false, nil
			continue
		}
		for _, c := range w.contacts {
			if c.active {
				pub.Unmentioned = append(pub.Unmentioned, unmentioned(w, c))
			}
		}
	}
	pub.Identities = make([]IdentityState, 0, len(s.keys))
	for _, k := range s.keys {
		w := s.regs[k]
		pub.Identities = append(pub.Identities, IdentityState{AOR: w.aor.Raw, State: stateWord(w.active), Before: w.before})
		if !w.active && !w.listed && len(w.contacts) == 0 && w.before == "terminated" {
			delete(s.regs, k) // reported as terminated once, RFC 3680 4.7.1
		}
	}
	s.keys = slices.DeleteFunc(s.keys, func(k string) bool { return s.regs[k] == nil })
}

func unmentioned(w *watched, c watchedContact) Change {
	return Change{AOR: w.aor.Raw, AORKey: w.aor.Key, ContactID: c.id, Contact: c.uri, ContactKey: c.key, Kind: Unchanged, From: "active", To: "active",
		Event: c.event, Expires: fact.Absent, Retry: fact.Absent}
}

// registration merges one registration element.
func (s *subscription) registration(w *watched, r *fact.Registration, full bool, before string, pub *Document) {
	was := w.contacts
	used := make([]bool, len(was))
	now := make([]watchedContact, 0, len(r.Contacts))
	for i := range r.Contacts {
		c := &r.Contacts[i]
		active := c.State == reginfo.ContactActive
		ch := Change{AOR: w.aor.Raw, AORKey: w.aor.Key, ContactID: c.ID, Contact: c.URI, ContactKey: c.Key, To: stateWord(active), Event: c.Event.String(),
			Expires: c.Expires, Retry: c.Retry}
		switch j := match(was, used, c); {
		case j < 0 && active:
			ch.Kind = Added
		case j < 0:
			ch.Kind = Changed
		default:
			o := was[j]
			used[j] = true
			ch.From = stateWord(o.active)
			switch {
			case o.active != active:
				ch.Kind = Changed
			case active && o.event != ch.Event:
				ch.Kind = Changed
				ch.Note = o.event + " → " + ch.Event
			default:
				ch.Kind = Unchanged
			}
			if o.uri != c.URI && (o.key != c.Key || identity.Contact(o.uri) != identity.Contact(c.URI)) {
				ch.Kind, ch.Note = Changed, "was "+o.uri
			}
		}
		pub.Changes = append(pub.Changes, ch)
		now = append(now, watchedContact{c.ID, c.URI, c.Key, c.Instance, active, ch.Event})
	}
	w.active = r.State == reginfo.RegActive
	if r.State == reginfo.RegUnknown {
		w.active = slices.ContainsFunc(now, func(c watchedContact) bool { return c.active })
	}
	for j, o := range was {
		switch {
		case used[j] || !o.active && full:
		case full || !w.active:
			if o.active {
				note := "not listed any more"
				if !w.active {
					note = "the registration ended without its contact"
				}
				pub.Changes = append(pub.Changes, Change{AOR: w.aor.Raw, AORKey: w.aor.Key, ContactID: o.id, Contact: o.uri, ContactKey: o.key, Kind: Removed,
					From: "active", Expires: fact.Absent, Retry: fact.Absent, Note: note})
			}
		default:
			now = append(now, o)
			if o.active {
				pub.Unmentioned = append(pub.Unmentioned, unmentioned(w, o))
			}
		}
	}
	// Terminated entries go after being reported, but the next document may list them again.
	w.contacts = now
	if state := stateWord(w.active); before != state && len(r.Contacts) == 0 {
		pub.Changes = append(pub.Changes, Change{AOR: w.aor.Raw, AORKey: w.aor.Key, Kind: Changed, From: before, To: state, Expires: fact.Absent, Retry: fact.Absent})
	}
}

// match finds the contact that the watcher knew: by id and URI, else by URI (ids that are pointers
// change), else by id (the URI changed), else by instance.
func match(was []watchedContact, used []bool, c *fact.Contact) int {
	pick, rank := -1, 0
	for j, o := range was {
		if used[j] {
			continue
		}
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

func stateWord(active bool) string {
	if active {
		return "active"
	}
	return "terminated"
}

// sameDocument reports whether two documents say the same, versions and seconds left apart.
func sameDocument(a, b *fact.Document) bool {
	if a == nil || b == nil || a.State != b.State || len(a.Registrations) != len(b.Registrations) {
		return false
	}
	for i := range a.Registrations {
		ra, rb := &a.Registrations[i], &b.Registrations[i]
		if ra.AOR.Key != rb.AOR.Key || ra.State != rb.State || len(ra.Contacts) != len(rb.Contacts) {
			return false
		}
		for j := range ra.Contacts {
			ca, cb := ra.Contacts[j], rb.Contacts[j]
			ca.Expires, cb.Expires, ca.CSeq, cb.CSeq = 0, 0, 0, 0
			if ca != cb {
				return false
			}
		}
	}
	return true
}

// version spells a document's version.
func (d *Document) version() string {
	if d.Version == fact.Absent {
		return "without version"
	}
	return "v" + strconv.FormatInt(d.Version, 10)
}
