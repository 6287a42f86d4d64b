package story

import (
	"slices"

	"imscope/correlate/fact"
)

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
	if !x.Register.Removes() || t.attempt(x) != nil { // its answer may have been captured before
		return
	}
	t.open = slices.DeleteFunc(t.open, func(a *attempt) bool { return !a.open })
	for _, a := range slices.Backward(t.open) {
		if a.repeatedBy(x) || t.passedOn(a, x) {
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

// passesOn reports whether the capture shows for which REGISTER of the phone a session border controller sent one of its
// own: another one of its own is its own wish then.
func (t *Teller) passesOn(x *fact.Exchange) bool {
	first := x.Request.First()
	if first.Vias > 1 || t.ctx.Role(first.Src) != fact.RolePCSCF {
		return false
	}
	return slices.ContainsFunc(t.in.Exchanges, func(o *fact.Exchange) bool {
		if o == x || o.Register == nil || o.CallID == x.CallID || !o.Request.Seen() {
			return false
		}
		last := o.Request.Last()
		return t.ctx.Role(o.Request.First().Src) == fact.RoleUE && t.ctx.Addr(last.Dst) == t.ctx.Addr(first.Src) &&
			x.FirstTime() >= last.Time && x.FirstTime()-last.Time <= settleTime
	})
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
				return first.Vias < h.Vias || t.passesOn(o)
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
	for _, c := range x.Register.Contacts {
		if x.Register.EffectiveExpires(c) == 0 && !slices.Contains(a.keys, c.Key) {
			a.keys = t.room.keys.Add(a.keys, c.Key)
		}
	}
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
