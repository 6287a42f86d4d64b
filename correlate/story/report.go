package story

import (
	"cmp"
	"slices"
)

// report turns the played state into the user's story.
func (t *Teller) report() {
	t.reportBindings()
	t.reportSubscriptions()
	var events []Event
	if !t.Outline {
		events = t.timeline()
	}
	slices.SortStableFunc(t.deregs, func(a, b *dereg) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.frame, b.frame))
	})
	t.collectActivity()
	for i, d := range t.deregs {
		for _, o := range t.deregs[i+1:] {
			if o.time > d.time {
				d.next = o.time
				break
			}
		}
		t.finish(d, events)
		t.u.Deregistrations = t.made.deregPtr.Add(t.u.Deregistrations, d.pub)
	}
	if len(t.plays) > 0 {
		t.u.FirstTime, t.u.FirstFrame = t.plays[0].m.Hops[0].Time, t.plays[0].frame
		for i := range t.plays {
			for j := range t.plays[i].m.Hops {
				t.u.LastTime = max(t.u.LastTime, t.plays[i].m.Hops[j].Time)
			}
		}
	}
	for _, x := range t.in.Strays {
		t.u.LastTime = max(t.u.LastTime, x.LastTime())
	}
	if !t.Outline {
		t.u.Timeline = t.withExpiries(events) // which is no sign of the user
	}
}

func (t *Teller) reportBindings() {
	n := 0
	for _, b := range t.bindings {
		n += len(b.rows)
	}
	if n == 0 {
		return
	}
	out := t.made.bindings.Some(n)
	t.u.Bindings = out
	for _, b := range t.bindings {
		for _, r := range b.rows {
			p := &out[0]
			out = out[1:]
			*p = Binding{AOR: r.aor, AORKey: r.aor, Contact: b.uri, ContactKey: b.key, Instance: b.instance, Active: r.active, Event: r.event,
				Registered: r.since, Refreshed: r.refreshed, Ended: r.ended}
			if i := t.orderIndex.find(t.order, r.aor); i >= 0 && t.spelled[i] != "" {
				p.AOR = t.spelled[i]
			}
			if r.latest != 0 {
				p.Expires = r.soonest
			}
			if r.by != nil {
				p.EndedBy = r.by.pub
			}
		}
	}
}

func (t *Teller) reportSubscriptions() {
	for _, s := range t.subs {
		if !s.ended && s.pub.Expires != 0 && s.pub.Expires < t.ctx.End && t.ctx.covers(s.pub.Started, s.pub.Expires) {
			s.pub.State, s.pub.Reason, s.pub.Ended = "terminated", "ran out", s.pub.Expires
		}
		t.u.Subscriptions = t.made.subscriptionPtr.Add(t.u.Subscriptions, s.pub)
	}
	slices.SortStableFunc(t.u.Subscriptions, func(a, b *Subscription) int { return cmp.Compare(a.FirstFrame, b.FirstFrame) })
}

// finish fills in the public form of a de-registration.
func (t *Teller) finish(d *dereg, events []Event) {
	p := d.pub
	p.Initiator, p.TriggerFrame, p.Started = d.initiator, d.frame, d.time
	t.takeSteps(d, events)
	p.Contacts = t.contactsOf(d)
	p.Identities = t.identitiesAfter(d)
	if len(d.told) > 0 {
		p.Documents = t.made.refs.Some(len(d.told))
		for i, td := range d.told {
			p.Documents[i] = DocumentRef{td.s.pub, td.doc}
		}
	}
	p.Told = t.whoWasTold(d)
	t.outcome(d)
	if !p.Successful() { // nobody is to be told of what did not happen
		p.Told = slices.DeleteFunc(p.Told, func(w Told) bool { return w.Frame == 0 })
	}
	if d.attempt != nil {
		p.Requests = d.attempt.exchanges
	}
	if d.termination != nil {
		p.Trigger = d.termination.cx
	}
	if d.assignment != nil {
		p.Trigger = d.assignment
	}
	if t.Outline {
		return
	}
	p.Scope = t.scope(d)
	next := t.comeback(d)
	p.Again = next.back()
	p.Verdict = t.sentence(d, next)
	p.Evidence = d.proof
	slices.SortStableFunc(p.Evidence, func(a, b Evidence) int { return cmp.Compare(key0(a.Frame), key0(b.Frame)) })
}

// key0 sorts evidence of absence, which has no frame, to the end.
func key0(frame uint32) uint64 {
	if frame == 0 {
		return 1 << 40
	}
	return uint64(frame)
}

// contactsOf lists the contacts that a de-registration ended, each once.
func (t *Teller) contactsOf(d *dereg) []string {
	t.contacts.reset()
	t.keys.reset()
	for _, b := range d.bindings {
		if t.keys.first(b.key) {
			t.contacts.add(b.uri)
		}
	}
	if a := d.attempt; a != nil && len(t.contacts.list) == 0 && (a.accepted == nil || a.ignored) {
		// What the attempt was after, though nothing came of it.
		for _, x := range a.exchanges {
			for i := range x.Register.Contacts {
				t.contacts.add(x.Register.Contacts[i].URI)
			}
		}
		if a.star {
			aor := a.aor()
			for r := range t.rowsAt(d.time) {
				if t.together(aor, r.aor) {
					t.contacts.add(r.b.uri)
				}
			}
		}
	}
	return t.made.strings.Copy(t.contacts.list)
}
