package story

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
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

func (a *attempt) last() *fact.Exchange { return a.exchanges[len(a.exchanges)-1] }

// covers reports whether the attempt asks to remove this contact.
func (a *attempt) covers(t *teller, b *binding) bool {
	if a.star {
		set := t.set(a.exchanges[0])
		return slices.ContainsFunc(b.rows, func(r *row) bool { return slices.Contains(set, r.aor) })
	}
	return slices.ContainsFunc(a.keys, func(k string) bool { return k == b.key || t.find(k) == b })
}

// registerRequest sees a REGISTER for the first time.
func (t *teller) registerRequest(x *fact.Exchange) {
	if !x.Register.Removes() {
		return
	}
	// The same wish once more: after a challenge, or because nobody answered.
	t.open = slices.DeleteFunc(t.open, func(a *attempt) bool { return !a.open })
	for _, a := range slices.Backward(t.open) {
		if a.last().CallID == x.CallID && a.last().CSeq <= x.CSeq {
			a.exchanges = append(a.exchanges, x)
			t.byX[x] = a
			return
		}
	}
	if len(t.open) >= maxOpenAttempts {
		t.open = t.open[1:]
	}
	a := &attempt{initiator: ByUser, star: x.Register.Star, exchanges: []*fact.Exchange{x}, open: true}
	first := x.Request.First()
	if t.ctx.Role(first.Src) == fact.RolePCSCF && first.Vias <= 1 {
		a.initiator = ByNetwork // the P-CSCF made it, TS 24.229 5.2.5
	}
	for _, c := range x.Register.Contacts {
		if x.Register.EffectiveExpires(c) == 0 {
			a.keys = append(a.keys, c.Key)
		}
	}
	t.attempts = append(t.attempts, a)
	t.open = append(t.open, a)
	t.byX[x] = a
	a.d = t.newDereg(a.initiator, first.Frame, first.Time)
	a.d.attempt = a
}

// maxOpenAttempts bounds the attempts of one user that wait for an answer; a phone has one.
const maxOpenAttempts = 64

// registerAnswer sees the final response to a REGISTER.
func (t *teller) registerAnswer(x *fact.Exchange, answer *fact.Message) {
	a := t.byX[x]
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
		a = t.byX[x]
	}
	if x.Register.Binds() {
		t.settle()
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
func (t *teller) bound(x *fact.Exchange, answer *fact.Message) {
	r, now := x.Register, answer.First().Time
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
		b := t.bind(c.Key, c.URI, c.Instance)
		event := "registered"
		if b.active() && b.answered {
			event = "refreshed"
		}
		b.answered, b.answerAt, b.callID = true, now, x.CallID
		if x.Request.Seen() {
			b.source = t.ctx.Addr(x.Request.First().Src)
		}
		if granted != fact.Absent {
			b.runsOut(now+granted*second, true)
		}
		for _, aor := range t.set(x) {
			b.confirm(aor, event, answer.First().Frame, now, now)
		}
		// What the same contact already holds under other identities is refreshed with it.
		for _, o := range b.rows {
			if o.active {
				o.refreshed = now
			}
		}
	}
	t.listed(x, answer)
}

// listed takes the other contacts that a 2xx lists: bindings that the capture did not see begin
// (RFC 3261 10.3 step 8: all current bindings are listed).
func (t *teller) listed(x *fact.Exchange, answer *fact.Message) {
	now, frame := answer.First().Time, answer.First().Frame
	for _, g := range x.Register.Answer.Contacts {
		if g.Expires == 0 || g.Expires == fact.Absent {
			continue
		}
		if slices.ContainsFunc(x.Register.Contacts, func(c fact.ContactValue) bool {
			return c.Key == g.Key || c.Instance != "" && c.Instance == g.Instance
		}) {
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
		b.confirm(x.To.Key, "registered", frame, now, 0)
		b.runsOut(now+g.Expires*second, false)
	}
}

// removed takes a de-REGISTER that was answered 2xx.
func (t *teller) removed(a *attempt) {
	x, now := a.accepted, a.answer.First().Time
	for _, g := range x.Register.Answer.Contacts {
		if g.Expires > 0 && (a.star || slices.Contains(a.keys, g.Key)) {
			a.ignored = true
			a.d.evidence(a.answer.First().Frame, fmt.Sprintf("the 200 still lists %s with expires=%d", g.URI, g.Expires))
		}
	}
	if a.ignored {
		return
	}
	if a.star {
		// Registrars are known to answer this with 200 and to keep everything: settle decides.
		for _, g := range x.Register.Answer.Contacts {
			if g.Expires == 0 {
				a.keys = append(a.keys, g.Key)
				t.endContact(g.Key, g.URI, g.Instance, a, now)
			}
		}
		return
	}
	for _, c := range x.Register.Contacts {
		if x.Register.EffectiveExpires(c) == 0 {
			t.endContact(c.Key, c.URI, c.Instance, a, now)
		}
	}
}

// endContact ends every row of one contact for an attempt.
func (t *teller) endContact(key, uri, instance string, a *attempt, now int64) {
	b := t.find(key)
	if b == nil {
		// It was there before the capture began.
		b = t.bind(key, uri, instance)
		if x := a.exchanges[0]; x.Request.Seen() {
			b.source = t.ctx.Addr(x.Request.First().Src)
		}
		for _, aor := range t.set(a.exchanges[0]) {
			b.confirm(aor, "", a.exchanges[0].FirstFrame(), 0, 0)
		}
	}
	for _, r := range b.rows {
		if r.active {
			t.end(r, a.d, "unregistered", now)
		}
	}
}

// end ends a row by a de-registration.
func (t *teller) end(r *row, d *dereg, event string, now int64) {
	r.active, r.ended, r.by, r.event = false, now, d, event
	d.rows = append(d.rows, r)
	if !slices.Contains(d.bindings, r.b) {
		d.bindings = append(d.bindings, r.b)
	}
}
