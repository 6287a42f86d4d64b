package story

import (
	"slices"
	"strconv"

	"imscope/correlate/fact"
	"imscope/decode/reginfo"
)

// notify sees a NOTIFY for the first time.
func (t *Teller) notify(x *fact.Exchange) {
	n, now := x.Notify, x.Request.First().Time
	s := t.dialog(x, x.To, x.ToTag, x.RequestURI)
	if s.source == 0 {
		// The capture does not hold the SUBSCRIBE: the NOTIFY's way tells the watcher.
		s.source = x.Request.Last().Dst
		s.pub.MidDialog = true
		s.pub.Watcher = t.watcher(x.To, fact.URI{}, s.source, false)
		s.pub.WatcherNode = t.nodeOf(s)
	}
	s.pub.Notifications++
	if n.Unread {
		s.pub.Unread++
	}
	s.pub.Exchanges = t.made.exchanges.Add(s.pub.Exchanges, x)
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
	if final := x.Final(); final != nil && final.Status == 481 && !s.ended {
		// The watcher does not know the dialog any more: the notifier must end it (RFC 6665 4.2.2).
		s.pub.State, s.pub.Reason, s.pub.Ended, s.ended = "terminated", "NOTIFY answered 481", final.First().Time, true
	}
	if n.Document != nil {
		t.document(s, x)
	}
}

// subscriptionState spells the Subscription-State header without what changes from NOTIFY to NOTIFY.
func (t *Teller) subscriptionState(n *fact.Notify) string {
	if n.Reason != "" {
		return t.words(n.State, ";reason=", n.Reason)
	}
	return n.State
}

// document applies a reginfo document to what its watcher knows and to the bindings (RFC 3680 5.2).
func (t *Teller) document(s *subscription, x *fact.Exchange) {
	d, hop := t.resolved(s, x.Notify.Document), x.Request.First()
	pub := t.made.documents.One()
	*pub = Document{
		Frame: hop.Frame, Time: hop.Time, Version: d.Version, State: d.State,
		SubscriptionState: t.subscriptionState(x.Notify), First: !s.seen, Before: s.version, Exchange: x,
	}
	if final := x.Final(); final != nil {
		pub.Answer = final.Status
	}
	for _, p := range d.Problems {
		pub.Problems = t.made.strings.Add(pub.Problems, p.Title)
	}
	s.pub.Documents = t.made.documentPtr.Add(s.pub.Documents, pub)
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
	if pub.Stale && d.State != reginfo.StateFull && !s.fills(d, hop.Time) {
		return // "discard without processing"; a full one with a lower version is a notifier that began anew
	}
	if pub.Gap {
		s.gapFrom, s.gapAt = s.version, hop.Time
	}
	t.saw.of(s)
	t.merge(s, d, pub)
	s.seen, s.version, s.last = true, max(s.version, d.Version), d
	if d.State == reginfo.StateFull {
		s.version, s.whole = d.Version, true
	}
	t.sees.of(s)
	t.effects(s, d, x, pub)
	if d.State == reginfo.StatePartial {
		t.outlived(s, d, x)
	}
}

// fills reports whether a document with a lower version than the one before is what was missing between that and the
// one before it: the capture has the two in the wrong order.
func (s *subscription) fills(d *fact.Document, now int64) bool {
	return s.gapAt != 0 && now-s.gapAt <= settleTime && d.Version > s.gapFrom && d.Version < s.version
}

// resolved gives a document in which every contact has the key that the user's bindings know it by.
// A URI that nobody knows, under an id that is known for this address-of-record, is the same contact
// (RFC 3680 5.1: another URI must have another id): it was damaged, or changed in place.
func (t *Teller) resolved(s *subscription, d *fact.Document) *fact.Document {
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
func (t *Teller) byID(s *subscription, aor, id string) string {
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
	if w := s.watched(aor); w != nil {
		for i := range w.contacts {
			if w.contacts[i].id == id {
				return w.contacts[i].key
			}
		}
	}
	return ""
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

// appendVersion spells a document's version.
func (d *Document) appendVersion(b []byte) []byte {
	if d.Version == fact.Absent {
		return append(b, "without version"...)
	}
	return strconv.AppendInt(append(b, 'v'), d.Version, 10)
}
