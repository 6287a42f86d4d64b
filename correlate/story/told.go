package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// informed tells a watcher from others. One with several dialogs (a P-CSCF opens one per registration) is
// the same in all of them.
type informed struct {
	watcher                      Watcher
	uri, contact, resource, node string
}

// informed gives the watcher of a subscription. What it watches tells it from others only where not all
// watch the same.
func (t *Teller) informed(s *subscription) informed {
	p := s.pub
	w := informed{watcher: p.Watcher, uri: p.WatcherURI, contact: p.Contact}
	if p.Watcher == WatcherUE {
		w.node = p.WatcherNode
	}
	if usual := t.subs[0]; p.Resource != usual.pub.Resource && s.watches() != usual.watches() {
		w.resource = s.watches()
	}
	return w
}

// watches gives the identity that is watched, in the form that compares.
func (s *subscription) watches() string {
	if s.resource == "" {
		s.resource = identity.Canonical(s.pub.Resource)
	}
	return s.resource
}

// whoWasTold lists every watcher that had a subscription when it happened. A watcher is told once one of its
// dialogs is.
func (t *Teller) whoWasTold(d *dereg) []Told {
	empty(&t.watchers)
	empty(&t.told)
	var places index[informed]
	for _, s := range t.subs {
		hit := d.toldIn(s)
		if hit == nil && !s.expects(d) {
			continue
		}
		td := Told{Watcher: s.pub.Watcher, URI: s.pub.WatcherURI, Node: s.pub.WatcherNode, CallID: s.pub.CallID, Resource: s.pub.Resource}
		if x := s.lastWord(d); hit == nil && x != nil {
			td.Frame = x.Request.First().Frame
			if final := x.Final(); final != nil {
				td.Answer = final.Status
			}
		}
		if hit != nil {
			first := hit.x.Request.First()
			td.Frame, td.Answer = first.Frame, hit.doc.Answer
			td.Silent = td.Answer == 0 && t.ctx.End-first.Time >= timerF && s.twoWay()
			td.LeftOut = t.leftOut(d, s)
		}
		w := t.informed(s)
		if i := places.find(t.watchers, w); i >= 0 {
			o := &t.told[i]
			if td.Frame != 0 && o.Frame != 0 { // of what one dialog leaves out the other may tell
				out := slices.DeleteFunc(o.LeftOut, func(aor string) bool { return !slices.Contains(td.LeftOut, aor) })
				o.LeftOut, td.LeftOut = out, out
			}
			if o.Frame == 0 || o.Silent && td.Frame != 0 && !td.Silent {
				*o = td
			}
			continue
		}
		t.watchers, t.told = append(t.watchers, w), append(t.told, td)
	}
	t.tellApart()
	return t.made.told.Copy(t.told)
}

// maxApart is how many watchers are told apart by what they watch; more than a few have no two subscriptions.
const maxApart = 32

// tellApart leaves what is watched with those watchers alone that are there twice, and watch several identities: a P-CSCF
// subscribes for each (TS 24.229 5.2.3).
func (t *Teller) tellApart() {
	for i := range t.told {
		o := &t.told[i]
		t.apart = append(t.apart, len(t.told) <= maxApart && slices.ContainsFunc(t.told, func(p Told) bool {
			return p.CallID != o.CallID && p.Watcher == o.Watcher && p.URI == o.URI && p.Node == o.Node && p.Resource != o.Resource
		}))
	}
	for i, yes := range t.apart {
		if !yes {
			t.told[i].Resource = ""
		}
	}
	t.apart = t.apart[:0]
}

// leftOut gives the identities that ended, but not for the watcher of a subscription: the last document about it is
// partial, does not speak of them, and leaves them active.
func (t *Teller) leftOut(d *dereg, s *subscription) []string {
	var last *Document
	for i := range d.told {
		if d.told[i].s == s {
			last = d.told[i].doc
		}
	}
	if len(last.Unmentioned) == 0 {
		return nil
	}
	t.left = t.left[:0]
	for i := range last.Unmentioned {
		c := &last.Unmentioned[i]
		if d.endedFor(c.AORKey, c.ContactKey) && !slices.Contains(t.left, c.AOR) {
			t.left = append(t.left, c.AOR)
		}
	}
	return t.made.strings.Copy(t.left)
}

// endedFor reports whether a de-registration ended a contact of an address-of-record.
func (d *dereg) endedFor(aor, contact string) bool {
	return slices.ContainsFunc(d.rows, func(r *row) bool { return r.aor == aor && r.b.key == contact })
}

// lastWord gives the NOTIFY that ended a subscription when a de-registration took place, without a document: it says as
// much. Nil if there is none.
func (s *subscription) lastWord(d *dereg) *fact.Exchange {
	for _, x := range s.pub.Exchanges {
		if x.Notify == nil || x.Notify.State != "terminated" || x.Notify.HasBody || !x.Request.Seen() {
			continue
		}
		if at := x.FirstTime(); at >= d.time && at-d.time <= reach {
			return x
		}
	}
	return nil
}

// twoWay reports whether the capture shows answers to NOTIFYs of a subscription, or holds too little of it to tell.
func (s *subscription) twoWay() bool {
	if s.pub.Notifications == 1 {
		return true
	}
	for _, x := range s.pub.Exchanges {
		if x.Notify != nil && x.Final() != nil {
			return true
		}
	}
	return false
}

// toldIn gives the first document that told of a de-registration in a subscription, nil if none did.
func (d *dereg) toldIn(s *subscription) *toldBy {
	for i := range d.told {
		if d.told[i].s == s {
			return &d.told[i]
		}
	}
	return nil
}

// expects reports whether a watcher should be told of a de-registration.
func (s *subscription) expects(d *dereg) bool {
	p := s.pub
	return p.Started < d.time && p.State != "rejected" && (p.Ended == 0 || p.Ended > d.time) &&
		(p.Expires == 0 || p.Expires > d.time) && s.knows(d)
}

// knows reports whether a subscription watches one of the identities that a de-registration is about.
func (s *subscription) knows(d *dereg) bool {
	if len(d.rows) == 0 || len(s.regs) == 0 {
		return true
	}
	for _, r := range d.rows {
		if s.watched(r.aor) != nil {
			return true
		}
	}
	return false
}
