package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

const second = int64(1e9)

// attempt is a wish to remove bindings by REGISTER: the first request and, after a challenge or
// without an answer, those that repeat it.
type attempt struct {
	initiator string
	star      bool
	keys      []string // contacts asked to be removed
	exchanges []*fact.Exchange
	accepted  *fact.Exchange // the one that got a 2xx
	answer    *fact.Message
	open      bool // neither accepted nor finally rejected
	ignored   bool // accepted, but the binding stayed
	d         *dereg
}

// rounds counts the requests on the first leg.
func (a *attempt) rounds() int {
	n := 0
	for _, x := range a.exchanges {
		if x.CallID == a.exchanges[0].CallID {
			n++
		}
	}
	return n
}

// aor is the identity that is to be de-registered, with its implicit registration set.
func (a *attempt) aor() string { return a.exchanges[0].To.Key }

func (a *attempt) last() *fact.Exchange { return a.exchanges[len(a.exchanges)-1] }

// covers reports whether the attempt asks to remove this contact.
func (a *attempt) covers(t *Teller, b *binding) bool {
	if a.star {
		return !a.keeps(b.key) && slices.ContainsFunc(b.rows, func(r *row) bool { return t.together(a.aor(), r.aor) })
	}
	for _, k := range a.keys {
		if k == b.key || t.find(k) == b {
			return true
		}
	}
	return false
}

// keeps reports whether the answer lists a contact as one that stays.
func (a *attempt) keeps(key string) bool {
	return a.accepted != nil && slices.ContainsFunc(a.accepted.Register.Answer.Contacts, func(g fact.ContactValue) bool { return g.Key == key && g.Expires > 0 })
}

// registerRequest sees a REGISTER for the first time.
func (t *Teller) registerRequest(x *fact.Exchange) {
	if !x.Register.Removes() {
		return
	}
	t.open = slices.DeleteFunc(t.open, func(a *attempt) bool { return !a.open })
	for _, a := range slices.Backward(t.open) {
		if a.repeatedBy(x) {
			t.removes(a, x)
			return
		}
		if t.passedOn(a, x) {
			for i := range x.Register.Contacts {
				a.keys = t.room.keys.Add(a.keys, x.Register.Contacts[i].Key)
			}
			t.removes(a, x)
			return
		}
	}
	if len(t.open) >= maxOpenAttempts {
		t.open = t.open[1:]
	}
	a := t.room.attempts.One()
	a.initiator, a.star, a.open = ByUser, x.Register.Star, true
	t.removes(a, x)
	first := x.Request.First()
	if t.proxys(x) {
		a.initiator = ByNetwork
	}
	for _, c := range x.Register.Contacts {
		if x.Register.EffectiveExpires(c) == 0 {
			a.keys = t.room.keys.Add(a.keys, c.Key)
		}
	}
	t.attempts = append(t.attempts, a)
	t.open = append(t.open, a)
	a.d = t.newDereg(a.initiator, first.Frame, first.Time)
	a.d.attempt = a
}

// repeatedBy reports whether a REGISTER is the same wish once more: after a challenge, or because nobody answered.
func (a *attempt) repeatedBy(x *fact.Exchange) bool {
	o := a.last()
	for _, e := range a.exchanges {
		if e.CallID == x.CallID {
			o = e
		}
	}
	if o.CallID != x.CallID || o.CSeq > x.CSeq || o.To.Key != x.To.Key || a.star != x.Register.Star {
		return false
	}
	wait := reach
	if final := o.Final(); final != nil && o.Register.Answer.RetryAfter > 0 {
		wait += min(o.Register.Answer.RetryAfter, maxRetryAfter) * second
	}
	if x.FirstTime()-o.FirstTime() > wait {
		return false
	}
	n := 0
	for i := range x.Register.Contacts {
		c := &x.Register.Contacts[i]
		if x.Register.EffectiveExpires(*c) != 0 {
			continue
		}
		if n++; !slices.Contains(a.keys, c.Key) {
			return false
		}
	}
	return n > 0 || a.star
}

// passedOn reports whether a REGISTER is an attempt's on its next leg: a session border controller in the P-CSCF's place
// ends it and sends one of its own, with its own Call-ID and contact.
func (t *Teller) passedOn(a *attempt, x *fact.Exchange) bool {
	o := a.exchanges[0]
	if o.CallID == x.CallID || !o.Request.Seen() || !x.Request.Seen() || a.star != x.Register.Star || !t.together(o.To.Key, x.To.Key) {
		return false
	}
	at := x.FirstTime()
	if final := a.last().Final(); final != nil && final.First().Time < at {
		return false
	}
	last := a.last().Request.Last()
	return at >= last.Time && at-last.Time <= settleTime && t.ctx.Addr(last.Dst) == t.ctx.Addr(x.Request.First().Src)
}

// proxys reports whether the P-CSCF made a de-REGISTER itself (TS 24.229 5.2.5): it did not come through as many nodes
// as those that bind. A session border controller in its place makes all of them.
func (t *Teller) proxys(x *fact.Exchange) bool {
	first := x.Request.First()
	src, dst := t.ctx.Addr(first.Src), t.ctx.Addr(first.Dst)
	for _, o := range t.in.Exchanges {
		if o.Register == nil || o.Register.ThirdParty || !o.Register.Binds() {
			continue
		}
		for i := range o.Request.Hops {
			if h := &o.Request.Hops[i]; h.Vias > 0 && t.ctx.Addr(h.Src) == src && t.ctx.Addr(h.Dst) == dst {
				return first.Vias < h.Vias
			}
		}
	}
	return t.ctx.Role(first.Src) == fact.RolePCSCF && first.Vias <= 1
}

// maxRetryAfter bounds the Retry-After that a phone is thought to keep to, seconds.
const maxRetryAfter = 3600

// removes makes a REGISTER part of an attempt.
func (t *Teller) removes(a *attempt, x *fact.Exchange) {
	a.exchanges = t.made.exchanges.Add(a.exchanges, x)
	t.removals, t.removalOf = append(t.removals, x), append(t.removalOf, a)
}

// attempt gives the attempt that a REGISTER belongs to, nil if it is none.
func (t *Teller) attempt(x *fact.Exchange) *attempt {
	if i := t.removalIndex.find(t.removals, x); i >= 0 {
		return t.removalOf[i]
	}
	return nil
}

// maxOpenAttempts bounds the attempts of one user that wait for an answer; a phone has one.
const maxOpenAttempts = 64

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
			r.callID, r.cseq, r.group = x.CallID, int64(x.CSeq), t.groups
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
	// "Contact: *" removes what this phone has bound (TS 24.229 5.4.1.4): another one's contact stays, rightly.
	some := a.star && slices.ContainsFunc(x.Register.Answer.Contacts, func(g fact.ContactValue) bool { return g.Expires == 0 })
	for _, g := range x.Register.Answer.Contacts {
		if g.Expires > 0 && (a.star && !some && !t.anothers(g.Key, x) || slices.Contains(a.keys, g.Key)) {
			a.ignored = true
			t.evidence(a.d, a.answer.First().Frame, "the 200 still lists ", g.URI, " with expires=", t.number(g.Expires))
		}
	}
	if a.ignored {
		return
	}
	if a.star {
		// Registrars are known to answer this with 200 and to keep everything: settle decides.
		for _, g := range x.Register.Answer.Contacts {
			if g.Expires == 0 {
				a.keys = t.room.keys.Add(a.keys, g.Key)
				t.endContact(g.Key, g.URI, g.Instance, a, now)
			}
		}
		return
	}
	t.unbind(a, x, now)
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
