package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
)

// How far a consequence may lie behind its trigger: Timer F of the slowest leg (128 s towards a UE,
// TS 24.229 7.7) with something to spare.
const reach = 130 * second

// timerF is how long a core node works at a request at most, RFC 3261 17.1.2.2.
const timerF = 32 * second

// ended finds the cause for what a document ends of one contact.
func (t *Teller) ended(b *binding, marks []mark, s *subscription, x *fact.Exchange, pub *Document) {
	now := x.Request.First().Time
	d := t.trigger(b, marks, x.Request.First().Frame, now)
	if d == nil {
		d = t.lateNews(b, marks)
	}
	if d == nil {
		d = t.alongside(marks, x)
	}
	if d == nil {
		d = t.byTheBook(b, marks, x, pub.Gap, now)
	}
	for _, m := range marks {
		t.end(m.row, d, m.event, now)
	}
	t.unspoken(b, marks[0].row, d, now)
	t.attach(d, s, x, pub, marks[0])
}

// unspoken ends what no document speaks of, with the last of its set that documents do: an implicit registration set ends
// as a whole, and a barred identity, as that which a phone makes of its IMSI, is never listed (TS 23.003 13.4B).
func (t *Teller) unspoken(b *binding, ended *row, d *dereg, now int64) {
	of := func(r *row) bool { return r.active && t.together(r.aor, ended.aor) }
	if slices.ContainsFunc(b.rows, func(r *row) bool { return of(r) && r.told }) {
		return
	}
	for _, r := range b.rows {
		if of(r) && t.related(r.aor, ended.aor) {
			t.end(r, d, "", now)
		}
	}
}

// trigger finds the request that explains the end of a contact: the newest REGISTER, RTR or SAR. Where a REGISTER crosses
// an RTR the document tells, or the answer to the REGISTER.
func (t *Teller) trigger(b *binding, marks []mark, frame uint32, now int64) *dereg {
	var hit *attempt
	newest := int64(-1)
	for _, a := range slices.Backward(t.attempts) {
		start := a.exchanges[0].FirstTime()
		if now-start > 4*reach {
			break // older ones are over
		}
		switch {
		case a.exchanges[0].FirstFrame() > frame, a.ignored, !a.working(frame, now), renewed(marks, start), !a.covers(t, b), !t.concerns(a, marks):
		case a.accepted == nil && a.last().Final() == nil && otherwise(marks, now):
		case start > newest:
			hit, newest = a, start
		}
	}
	var by *termination
	for _, r := range slices.Backward(t.rtrs) {
		if now-r.time > reach {
			break
		}
		switch {
		case r.cx.FirstFrame() > frame, r.failed, now-r.time > reach, renewed(marks, r.time):
		case !slices.ContainsFunc(marks, func(m mark) bool { return t.concerned(r.cx, m.row) }), t.movesOn(r, nil):
		case r.time > newest || hit != nil && (hit.refused() || ordered(marks)):
			if by == nil || r.time > by.time {
				by = r
			}
		}
	}
	switch {
	case by != nil:
		return t.terminated(by)
	case hit != nil:
		return hit.d
	}
	return nil
}

// refused reports whether the registrar carried nothing out of what an attempt asked for.
func (a *attempt) refused() bool {
	final := a.last().Final()
	return a.accepted == nil && final != nil && final.Status >= 300 && !retryable(final.Status)
}

// ordered reports whether a document names an event by which the network ends a contact.
func ordered(marks []mark) bool {
	return slices.ContainsFunc(marks, func(m mark) bool { return m.event == "rejected" || m.event == "probation" || m.event == "deactivated" })
}

// concerns reports whether an attempt is about one of the identities that end.
func (t *Teller) concerns(a *attempt, marks []mark) bool {
	return slices.ContainsFunc(marks, func(m mark) bool { return t.together(a.aor(), m.row.aor) })
}

// otherwise reports whether what ends says why, and not by a REGISTER: a request that nobody answered explains less.
func otherwise(marks []mark, now int64) bool {
	return ordered(marks) || slices.ContainsFunc(marks, func(m mark) bool {
		return m.event == "expired" && m.row.soonest != 0 && now >= m.row.soonest-second
	})
}

// renewed reports whether the REGISTERs for all that ends were sent after a moment.
func renewed(marks []mark, since int64) bool {
	return !slices.ContainsFunc(marks, func(m mark) bool { return m.row.askedAt <= since })
}

// working reports whether an attempt explains an end that was told in this frame: the registrar had
// accepted it, or was still at work on it. A registrar often notifies before it answers.
func (a *attempt) working(frame uint32, now int64) bool {
	if a.accepted != nil {
		return now-a.answer.First().Time <= reach
	}
	last := a.last()
	switch final := last.Final(); {
	case final == nil:
		return now-last.FirstTime() <= timerF
	case final.Status < 300:
		return true // answered in a later frame
	default:
		return frame < final.First().Frame
	}
}

// lateNews finds the earlier de-registration of a contact of which a document only now tells the
// rest: nothing since has said that these identities were still active with it.
func (t *Teller) lateNews(b *binding, marks []mark) *dereg {
	var d *dereg
	aor := marks[0].row.aor
	for _, r := range b.rows {
		if !r.active && r.by != nil && r.by.bornOf(b) && t.together(r.aor, aor) && (d == nil || r.by.frame > d.frame) {
			d = r.by
		}
	}
	// The contact may have come back under one identity only and be gone again.
	for _, o := range t.bindings {
		if o == b || o.key != b.key {
			continue
		}
		for _, r := range o.rows {
			if !r.active && r.by != nil && t.together(r.aor, aor) && (d == nil || r.by.frame > d.frame) {
				d = r.by
			}
		}
	}
	if d == nil {
		return nil
	}
	for _, m := range marks {
		if m.row.lastFrame >= d.frame {
			return nil
		}
	}
	return d
}

// alongside finds the RTR of which a document tells that ends, with the same event, the contact of another private identity
// as well: registrars are known to end all that is bound to a public identity that the RTR names.
func (t *Teller) alongside(marks []mark, x *fact.Exchange) *dereg {
	m := marks[0]
	if m.event == "" {
		return nil
	}
	for _, r := range slices.Backward(t.rtrs) {
		if x.FirstTime()-r.time > reach {
			break
		}
		if r.d == nil || !slices.Contains(r.d.notifies, x) || !t.names(r.cx, m.row.aor) || !r.d.says(m.event) {
			continue
		}
		t.evidence(r.d, x.FirstFrame(), r.cx.Name, " is for ", r.cx.UserName, ": the registrar ends ", m.row.b.uri, " of ", m.row.impi, " with it")
		return r.d
	}
	return nil
}

// byTheBook decides without a trigger: by the clock, by what the document says, by what the capture
// would have shown.
func (t *Teller) byTheBook(b *binding, marks []mark, x *fact.Exchange, gap bool, now int64) *dereg {
	initiator, why := t.verdict(b, marks, gap, now)
	// One cause ends several contacts, be it told in one document or in some at once.
	for i := len(t.deregs) - 1; i >= 0; i-- {
		d := t.deregs[i]
		if d.attempt != nil || d.termination != nil || d.initiator != initiator || now-d.lastTime > settleTime {
			continue
		}
		if d.why == why || d.frame == x.Request.First().Frame {
			return d
		}
	}
	d := t.newDereg(initiator, x.Request.First().Frame, now)
	d.why, d.gap = why, gap && initiator == ByUnknown
	t.shortenedBefore(d, marks[0].row)
	return d
}

// shortenedBefore takes note that the time that ran out is not what was granted, but what the network left of it.
func (t *Teller) shortenedBefore(d *dereg, r *row) {
	if d.initiator == ByExpiry && r.shortened != 0 {
		d.why = t.words("the network had shortened it to ", t.number(r.shortTo), " s, and no REGISTER followed")
		d.short = r.shortened
		t.evidence(d, r.shortened, "reginfo: shortened, ", t.number(r.shortTo), " s left")
	}
}

// dropped is why a contact is gone that a document does not list any more.
const dropped = "the registrar dropped the contact before its time, and nobody had asked for it"

// verdict names the initiator of an end without a trigger, and why. gap says that the document before this one is missing.
func (t *Teller) verdict(b *binding, marks []mark, gap bool, now int64) (initiator, why string) {
	silent := true
	for _, m := range marks {
		silent = silent && m.silent
	}
	says := func(event string) bool {
		return slices.ContainsFunc(marks, func(m mark) bool { return !m.silent && m.event == event })
	}
	for _, c := range t.in.Cx {
		if c.Name != "SAR" || abs(c.FirstTime()-now) > 5*second || !t.concerned(c, marks[0].row) {
			continue
		}
		switch c.AssignmentType {
		case diameter.AssignTimeoutDeregistration, diameter.AssignTimeoutDeregistrationStore:
			return ByExpiry, "the S-CSCF reports TIMEOUT_DEREGISTRATION to the HSS"
		case diameter.AssignUserDeregistration, diameter.AssignUserDeregistrationStore:
			if t.lostRegister(now) {
				return ByUser, "the S-CSCF reports USER_DEREGISTRATION to the HSS, and the capture lost the REGISTER of a 200"
			}
		}
	}
	if o := t.replacement(b, now); o != nil {
		return ByNetwork, t.words("replaced by ", o.uri, " of the same instance")
	}
	ranOut, answered, timed := false, false, false
	for _, m := range marks {
		ranOut = ranOut || m.row.soonest != 0 && now >= m.row.soonest-second
		answered, timed = answered || m.row.answered, timed || m.row.soonest != 0
	}
	for _, e := range []string{"rejected", "probation", "deactivated"} {
		if says(e) {
			return ByNetwork, t.words("the registrar says ", e)
		}
	}
	switch {
	case silent && ranOut:
		return ByExpiry, "the granted time ran out"
	case silent && gap:
		return ByUnknown, "the contact is not listed any more, and the document that ended it is missing"
	case silent:
		return ByNetwork, dropped
	case says("unregistered") && answered && ranOut:
		return ByExpiry, "the granted time ran out"
	case says("unregistered") && answered:
		return ByNetwork, "the registrar says unregistered, but the phone had not asked for it"
	case says("unregistered"):
		return ByUser, "the registrar says unregistered; the capture holds no REGISTER of this contact"
	case says("expired") && (ranOut || !timed):
		return ByExpiry, "the granted time ran out"
	case says("expired") && answered:
		return ByNetwork, "the registrar says expired, but the granted time had not run out and nobody had asked for it"
	case says("expired"):
		return ByUnknown, "the registrar says expired before its time; the capture holds no REGISTER of this contact"
	case ranOut:
		return ByExpiry, "the granted time ran out"
	}
	return ByNetwork, "the registrar ended it"
}

// lostRegister reports whether the capture holds the 2xx of a REGISTER about this moment that it does not hold.
func (t *Teller) lostRegister(now int64) bool {
	return slices.ContainsFunc(t.in.Exchanges, func(x *fact.Exchange) bool {
		final := x.Final()
		return x.Register != nil && !x.Request.Seen() && final != nil && final.Status < 300 && abs(final.First().Time-now) <= 5*second
	})
}

// replacement finds a contact of the same instance that was registered just before.
func (t *Teller) replacement(b *binding, now int64) *binding {
	if b.instance == "" {
		return nil
	}
	for _, o := range t.bindings {
		if o != b && o.key != b.key && o.instance == b.instance && identity.Emergency(o.key) == identity.Emergency(b.key) && o.active() && o.answerAt > b.answerAt && now-o.answerAt <= 5*second {
			return o
		}
	}
	return nil
}

func abs(d int64) int64 { return max(d, -d) }
