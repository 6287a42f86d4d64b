package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

const second = int64(1e9)

// registerAnswer sees the final response to a REGISTER.
func (t *Teller) registerAnswer(x *fact.Exchange, answer *fact.Message) {
	a := t.attempt(x)
	if answer.Status >= 300 {
		if a != nil && a.last() == x && !retryable(answer.Status) {
			a.open = false
		}
		return
	}
	if a == nil && x.Register.Removes() {
		t.registerRequest(x) // the capture lost the request
		if !x.Request.Seen() {
			return
		}
		a = t.attempt(x)
	}
	if x.Register.Binds() {
		// Who registers again does not wish to be removed any more.
		for _, o := range t.open {
			if o != a && slices.ContainsFunc(o.keys, func(k string) bool { return mentions(x.Register, k, "") }) {
				o.open = false
			}
		}
		t.settle(x)
		t.bound(x, answer)
	}
	if a != nil && a.accepted == nil {
		a.open, a.accepted, a.answer = false, x, answer
		if a.star {
			t.stars = append(t.stars, a)
		}
		t.removed(a)
		return
	}
	if a != nil && a.accepted != x && !a.ignored {
		t.unbind(a, x, answer.First().Time) // on another leg
		return
	}
	if !x.Register.Removes() {
		t.listed(x, answer)
	}
}

// retryable reports whether a failure invites the same request again.
func retryable(status int) bool {
	switch status {
	case 401, 407, 408, 421, 423, 494, 500, 503, 504:
		return true
	}
	return false
}

// bound takes the contacts that a 2xx granted.
func (t *Teller) bound(x *fact.Exchange, answer *fact.Message) {
	r, now := x.Register, answer.First().Time
	if len(r.Answer.Associated) > 0 {
		t.learnSet(setKey{r.IMPI, x.To.Key}, r.Answer.Associated)
	}
	for _, c := range r.Contacts {
		asked := r.EffectiveExpires(c)
		if asked == 0 {
			continue
		}
		granted, listed := r.Granted(c)
		if !listed && len(r.Answer.Contacts) > 0 {
			continue // the registrar saved nothing for it, RFC 3261 10.3 step 8
		}
		if granted == fact.Absent {
			granted = asked
		}
		if granted == 0 {
			continue
		}
		t.ranOut(c.Key, x)
		t.groups++
		b := t.bind(c.Key, c.URI, c.Instance)
		b.answerAt = now
		if x.Request.Seen() {
			b.source = t.ctx.Addr(x.Request.First().Src)
		}
		for _, aor := range t.set(x) {
			event := "registered"
			if o := b.row(aor); o != nil && o.active && o.answered {
				event = "refreshed"
			}
			t.confirm(b, aor, event, answer.First().Frame, now, now)
		}
		// What the same contact already holds under other identities of the set is refreshed with it.
		for _, r := range b.rows {
			if !r.active || !t.together(r.aor, x.To.Key) {
				continue
			}
			r.refreshed, r.answered, r.answerAt, r.impi = now, true, now, x.Register.IMPI
			r.callID, r.cseq, r.group, r.askedAt = x.CallID, int64(x.CSeq), t.groups, x.FirstTime()
			r.shortened, r.shortTo = 0, 0
			if granted != fact.Absent {
				r.runsOut(now+granted*second, true)
			}
		}
		if g := r.Answered(c); g != nil && g.Key != c.Key {
			t.alias(g.Key, b)
		}
		t.replaced(b, x, answer)
	}
	t.listed(x, answer)
}

// replaced ends what a 2xx does not list any more of the same phone: it has come from another address, and the registrar
// has put the new contact in the place of the old one (RFC 5626 6, TS 24.229 5.4.1.2.2F).
func (t *Teller) replaced(b *binding, x *fact.Exchange, answer *fact.Message) {
	if b.instance == "" || len(x.Register.Answer.Contacts) == 0 {
		return
	}
	var d *dereg
	for _, o := range t.bindings {
		if o == b || o.instance != b.instance || identity.Emergency(o.key) != identity.Emergency(b.key) || t.keeps(x.Register, o) {
			continue
		}
		for _, r := range o.rows {
			if !r.active || !t.together(r.aor, x.To.Key) {
				continue
			}
			if d == nil {
				d = t.newDereg(ByNetwork, answer.First().Frame, answer.First().Time)
				d.why = t.words("replaced by ", b.uri, " of the same instance")
			}
			t.end(r, d, "", answer.First().Time)
		}
	}
}

// keeps reports whether a REGISTER or its answer speaks of a binding's contact.
func (t *Teller) keeps(r *fact.Register, b *binding) bool {
	is := func(c fact.ContactValue) bool { return t.find(c.Key) == b }
	return slices.ContainsFunc(r.Answer.Contacts, is) || slices.ContainsFunc(r.Contacts, is)
}

// listed takes the other contacts that a 2xx lists: bindings that the capture did not see begin
// (RFC 3261 10.3 step 8: all current bindings are listed).
func (t *Teller) listed(x *fact.Exchange, answer *fact.Message) {
	now, frame := answer.First().Time, answer.First().Frame
	for _, g := range x.Register.Answer.Contacts {
		if g.Expires == 0 || g.Expires == fact.Absent {
			continue
		}
		if mentions(x.Register, g.Key, g.Instance) {
			continue
		}
		b := t.find(g.Key)
		if b != nil {
			if r := b.row(x.To.Key); r != nil {
				if r.active {
					r.lastFrame = frame
				}
				continue
			}
		}
		if b == nil || !b.active() {
			b = t.bind(g.Key, g.URI, g.Instance)
		}
		t.confirm(b, x.To.Key, "registered", frame, now, 0).runsOut(now+g.Expires*second, false)
	}
}

// mentions reports whether a REGISTER speaks of a contact, or of one of the same instance.
func mentions(r *fact.Register, key, instance string) bool {
	for i := range r.Contacts {
		if c := &r.Contacts[i]; c.Key == key || c.Instance != "" && c.Instance == instance {
			return true
		}
	}
	return false
}

// removed takes a de-REGISTER that was answered 2xx.
func (t *Teller) removed(a *attempt) {
	x, now := a.accepted, a.answer.First().Time
	if a.star {
		t.starred(a, now)
		return
	}
	for _, g := range x.Register.Answer.Contacts {
		if g.Expires > 0 && slices.Contains(a.keys, g.Key) {
			t.keptOn(a, g)
		}
	}
	if a.ignored {
		return
	}
	t.unbind(a, x, now)
	if a.initiator == ByNetwork {
		t.behind(a, x, now)
	}
}

// behind ends the phone's own contact where a session border controller ends what it had registered for it, if it is clear
// which one that is.
func (t *Teller) behind(a *attempt, x *fact.Exchange, now int64) {
	if !x.Request.Seen() {
		return
	}
	from := t.ctx.Addr(x.Request.First().Src)
	var hit *binding
	for _, b := range t.bindings {
		for _, r := range b.rows {
			if !r.active || !r.answered || !t.together(a.aor(), r.aor) || !t.endsAt(r.callID, from) {
				continue
			}
			if hit != nil && hit != b {
				return
			}
			hit = b
		}
	}
	if hit != nil {
		t.endContact(hit.key, hit.uri, hit.instance, a, now)
	}
}

// endsAt reports whether the REGISTERs of a Call-ID come from a phone and go no further than some node.
func (t *Teller) endsAt(callID, node string) bool {
	return slices.ContainsFunc(t.in.Exchanges, func(o *fact.Exchange) bool {
		return o.CallID == callID && o.Register != nil && o.Request.Seen() && t.ctx.Role(o.Request.First().Src) == fact.RoleUE && t.ctx.Addr(o.Request.Last().Dst) == node
	})
}

// keptOn takes note that the answer to an attempt still lists a contact.
func (t *Teller) keptOn(a *attempt, g fact.ContactValue) {
	a.ignored = true
	t.evidence(a.d, a.answer.First().Frame, "the 200 still lists ", g.URI, " with expires=", t.number(g.Expires))
}

// starred takes a "Contact: *" that was answered 2xx. Where the answer lists contacts, what it does not list is gone, and
// another phone's may stay, rightly (TS 24.229 5.4.1.4). Where it lists none, settle decides: registrars are known to
// answer so and to keep everything.
func (t *Teller) starred(a *attempt, now int64) {
	list := a.accepted.Register.Answer.Contacts
	for _, g := range list {
		if g.Expires == 0 {
			a.keys = t.room.keys.Add(a.keys, g.Key)
			t.endContact(g.Key, g.URI, g.Instance, a, now)
		}
	}
	if len(list) == 0 {
		return
	}
	for _, b := range t.bindings {
		if slices.ContainsFunc(list, func(g fact.ContactValue) bool { return t.find(g.Key) == b }) {
			continue
		}
		for _, r := range b.rows {
			if r.active && t.together(a.aor(), r.aor) {
				t.end(r, a.d, "unregistered", now)
			}
		}
	}
	if len(a.d.rows) > 0 {
		return
	}
	for _, g := range list {
		if g.Expires > 0 && !t.anothers(g.Key, a.accepted) {
			t.keptOn(a, g)
		}
	}
}

// unbind ends the contacts that a REGISTER of an attempt removes.
func (t *Teller) unbind(a *attempt, x *fact.Exchange, now int64) {
	for _, c := range x.Register.Contacts {
		if x.Register.EffectiveExpires(c) == 0 {
			t.endContact(c.Key, c.URI, c.Instance, a, now)
		}
	}
}

// anothers reports whether a contact is another phone's than the one that sends a REGISTER.
func (t *Teller) anothers(key string, x *fact.Exchange) bool {
	b := t.find(key)
	if b == nil {
		return false
	}
	for _, r := range b.rows {
		if r.active && r.impi != "" && x.Register.IMPI != "" && r.impi != x.Register.IMPI {
			return true
		}
	}
	return b.source != "" && x.Request.Seen() && t.ctx.Role(x.Request.First().Src) == fact.RoleUE && b.source != t.ctx.Addr(x.Request.First().Src)
}

// endContact ends one contact under the identities of an attempt.
func (t *Teller) endContact(key, uri, instance string, a *attempt, now int64) {
	b := t.find(key)
	if b == nil {
		// It was there before the capture began.
		b = t.bind(key, uri, instance)
		if x := a.exchanges[0]; x.Request.Seen() {
			b.source = t.ctx.Addr(x.Request.First().Src)
		}
		for _, aor := range t.set(a.exchanges[0]) {
			t.confirm(b, aor, "", a.exchanges[0].FirstFrame(), 0, 0)
		}
	}
	for _, r := range b.rows {
		if r.active && t.together(a.aor(), r.aor) {
			t.end(r, a.d, "unregistered", now)
		}
	}
}

// end ends a row by a de-registration.
func (t *Teller) end(r *row, d *dereg, event string, now int64) {
	r.active, r.ended, r.by, r.event = false, now, d, event
	d.rows = t.room.rowPtr.Add(d.rows, r)
	if !slices.Contains(d.bindings, r.b) {
		d.bindings = t.room.bindingPtr.Add(d.bindings, r.b)
	}
}
