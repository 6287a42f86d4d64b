package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
	"imscope/decode/sip"
)

// settle decides about requests of which no message has told what came of them: when a REGISTER binds
// anew (next), and at the end of the capture.
func (t *Teller) settle(next *fact.Exchange) {
	for _, a := range t.stars {
		t.settleStar(a)
	}
	t.stars = t.stars[:0]
	wait := t.pending[:0]
	for _, r := range t.pending {
		if next != nil && r.crosses(next) {
			wait = append(wait, r)
			continue
		}
		t.settleTermination(r, next)
	}
	t.pending = wait
	for _, c := range t.assigned {
		t.settleAssignment(c)
	}
	t.assigned = t.assigned[:0]
}

// crosses reports whether a REGISTER that is answered now was on its way when the HSS asked for the end, and the S-CSCF
// was not yet done with that.
func (r *termination) crosses(x *fact.Exchange) bool {
	final := x.Final()
	return x.FirstTime() < r.time && final != nil && (!r.cx.Answer.Seen() || r.cx.Answer.First().Time > final.First().Time)
}

// settleStar decides about a "Contact: *" that was answered 2xx without a word of what was removed.
// Registrars are known to answer 200 and to keep everything, so the 200 alone counts only where the
// capture could not have shown more.
func (t *Teller) settleStar(a *attempt) {
	if a.ignored || a.settledStar() {
		return
	}
	at := a.answer.First()
	var rows []*row
	lived := false
	for r := range t.rowsAt(at.Time) {
		if t.together(a.aor(), r.aor) && !identity.Emergency(r.b.key) && !t.anothers(r.b.key, a.exchanges[0]) {
			rows = append(rows, r)
			lived = lived || !r.active
		}
	}
	if len(rows) == 0 {
		t.evidence(a.d, at.Frame, "nothing known was bound any more")
		return
	}
	if lived {
		a.ignored = true
		t.evidence(a.d, 0, "the bindings lived on until something else ended them")
		return
	}
	for _, c := range t.in.Cx {
		if c.Name == "SAR" && (c.AssignmentType == diameter.AssignUserDeregistration || c.AssignmentType == diameter.AssignUserDeregistrationStore) &&
			c.FirstTime() >= a.exchanges[0].FirstTime() && c.FirstTime() <= at.Time+10*second {
			for _, r := range rows {
				t.end(r, a.d, "unregistered", at.Time)
			}
			return
		}
	}
	// A watcher's answer to a NOTIFY that the capture lost shows that there was something to tell.
	if slices.ContainsFunc(t.in.Exchanges, func(x *fact.Exchange) bool {
		return x.Method == sip.MethodNotify && !x.Request.Seen() && x.FirstTime() >= a.exchanges[0].FirstTime() && x.FirstTime() <= at.Time+10*second
	}) {
		for _, r := range rows {
			t.end(r, a.d, "unregistered", at.Time)
		}
		return
	}
	heard := false
	for _, s := range t.subs {
		if s.seen && s.pub.Started < at.Time && (s.pub.Ended == 0 || s.pub.Ended > at.Time) {
			heard = true
		}
	}
	switch {
	case heard || t.sarSeen:
		a.ignored = true
		hss := ""
		if t.sarSeen {
			hss = ", no SAR tells the HSS"
		}
		t.evidence(a.d, 0, "no NOTIFY tells a watcher of it", hss, ": the registrar answered 200 and kept the bindings")
	default:
		for _, r := range rows {
			t.end(r, a.d, "unregistered", at.Time)
		}
	}
}

func (a *attempt) settledStar() bool { return len(a.d.rows) > 0 }

// settleTermination ends what an RTR removes where no document tells. next is the REGISTER that is about to bind.
func (t *Teller) settleTermination(r *termination, next *fact.Exchange) {
	if r.failed && r.cx.Name != "RTR" {
		return
	}
	if t.movesOn(r, next) {
		r.idle = "the user is registered at another S-CSCF"
	}
	d := t.terminated(r)
	if r.failed || r.idle != "" || !r.cx.Answer.Seen() && r.cx.Name == "RTR" {
		return
	}
	at := r.time
	if r.cx.Answer.Seen() {
		at = r.cx.Answer.First().Time
	}
	if next != nil {
		at = min(at, next.FirstTime()) // what is bound from then on is another registration
	}
	known := false // what was bound to it
	for _, b := range t.bindings {
		if identity.Emergency(b.key) {
			continue // emergency registrations are not the network's to end (TS 24.229 5.4.8.4)
		}
		for _, row := range b.rows {
			if !t.concerned(r.cx, row) {
				continue
			}
			known = known || row.since <= at
			if row.active && row.answerAt <= at && row.refreshed <= at {
				t.end(row, d, "", at)
			}
		}
	}
	switch {
	case len(d.rows) > 0:
	case known:
		r.idle = "no binding was left"
	case r.cx.ReasonCode == diameter.ReasonRemoveSCSCF && r.cx.Name == "RTR":
		r.idle = "it is about a user who is not registered"
	}
}

// movesOn reports whether an RTR only tells the S-CSCF before that another one has the user now (TS 29.228 6.1.3.1).
func (t *Teller) movesOn(r *termination, next *fact.Exchange) bool {
	if r.cx.Name != "RTR" || r.cx.ReasonCode != diameter.ReasonNewServerAssigned || r.d != nil {
		return false
	}
	if next != nil && next.FirstTime()-r.time <= reach {
		return true // at whose registration the HSS sent it
	}
	to := t.ctx.Addr(r.cx.Request.Last().Dst)
	for _, x := range t.in.Exchanges {
		if x.Register == nil || x.Register.ThirdParty || !x.Register.Binds() || x.FirstTime() > r.time {
			continue
		}
		if final := x.Final(); final != nil && final.Status < 300 && r.time-final.First().Time <= reach &&
			t.ctx.Role(final.First().Src) == fact.RoleSCSCF && t.ctx.Addr(final.First().Src) != to {
			return true
		}
	}
	return false
}

// settleAssignment takes a Server-Assignment that tells the HSS of the end of a registration, where nothing else in the
// capture does (TS 29.228 6.1.2).
func (t *Teller) settleAssignment(c *fact.Cx) {
	if !c.Succeeded() {
		return
	}
	now := c.FirstTime()
	for _, d := range t.deregs {
		if d.time <= now+5*second && now-d.time <= reach && t.reported(d, c) {
			return
		}
	}
	var rows []*row
	for _, b := range t.bindings {
		for _, o := range b.rows {
			switch {
			case !t.concerned(c, o):
			case !o.active || o.refreshed > now || o.answerAt > now:
				return // it is explained, or lives on
			default:
				rows = append(rows, o)
			}
		}
	}
	initiator := ByUser
	if c.AssignmentType == diameter.AssignTimeoutDeregistration || c.AssignmentType == diameter.AssignTimeoutDeregistrationStore {
		initiator = ByExpiry
	}
	d := t.newDereg(initiator, c.FirstFrame(), now)
	d.assignment = c
	d.why = t.words("the S-CSCF reports ", diameter.ServerAssignmentTypeName(c.AssignmentType), " to the HSS")
	for _, o := range rows {
		t.end(o, d, "", now)
	}
}

// reported reports whether a Server-Assignment may be the consequence of a de-registration: it is about the same
// identities, and the HSS heard of no registration in between.
func (t *Teller) reported(d *dereg, c *fact.Cx) bool {
	same := slices.ContainsFunc(d.rows, func(o *row) bool { return t.concerned(c, o) })
	if a := d.attempt; a != nil {
		same = same || t.names(c, a.aor()) && identity.SameIMPI(a.exchanges[0].Register.IMPI, c.UserName)
	}
	if o := d.termination; o != nil {
		same = same || identity.SameIMPI(o.cx.UserName, c.UserName) &&
			(len(o.cx.Public) == 0 || slices.ContainsFunc(o.cx.Public, func(u fact.URI) bool { return t.names(c, u.Key) }))
	}
	return same && !slices.ContainsFunc(t.in.Cx, func(q *fact.Cx) bool {
		return q.Name == "SAR" && q.Succeeded() && q.FirstTime() > d.time && q.FirstTime() < c.FirstTime() && identity.SameIMPI(q.UserName, c.UserName) &&
			(q.AssignmentType == diameter.AssignRegistration || q.AssignmentType == diameter.AssignReRegistration)
	})
}

// lapse is what was granted with a row, once its time is over.
type lapse struct {
	row   *row
	end   int64  // when the time ran out
	until int64  // when a registrar has given it up for sure
	frame uint32 // the last that said active
}

// silentExpiry ends what was granted for a time that ran out well before the capture's end without any
// word. Only where the capture shows the contact's own REGISTERs: elsewhere a refresh may have gone
// unseen.
func (t *Teller) silentExpiry() {
	out := t.late[:0]
	for _, b := range t.bindings {
		for _, r := range b.rows {
			// The first of those that were granted together stands for them.
			if r.active && r.answered && r.latest != 0 && !stands(out, r) {
				if l, due := t.due(r); due {
					out = append(out, l)
				}
			}
		}
	}
	t.late = out
	slices.SortStableFunc(out, func(a, b lapse) int { return cmp.Compare(a.end, b.end) })
	for i := range out {
		t.expire(&out[i])
	}
}

// stands reports whether a list holds what was granted with a row. It has the rows of one binding together.
func stands(list []lapse, r *row) bool {
	for _, l := range slices.Backward(list) {
		if l.row.b != r.b {
			return false
		}
		if l.row.group == r.group {
			return true
		}
	}
	return false
}

// ranOut ends what had been granted for a contact if it ran out before a REGISTER binds it again: then that is no refresh.
func (t *Teller) ranOut(key string, x *fact.Exchange) {
	b := t.find(key)
	if b == nil {
		return
	}
	for _, r := range b.rows {
		if !r.active || !r.answered || r.latest == 0 || !t.together(r.aor, x.To.Key) {
			continue
		}
		// A document that said active since then knows better.
		if l, ok := t.due(r); ok && x.FirstTime() > l.until && r.refreshed <= l.end && l.frame < x.FirstFrame() {
			t.expire(&l)
		}
	}
}

// due tells when the time runs out that was granted with a row, and whether the capture shows well enough that nothing
// refreshed it.
func (t *Teller) due(r *row) (l lapse, ok bool) {
	l.row = r
	since := int64(0)
	for _, o := range r.b.rows {
		if o.active && o.group == r.group {
			l.frame = max(l.frame, o.lastFrame)
			if o.latest > l.end {
				l.end, since = o.latest, o.answerAt
			}
		}
	}
	l.until = l.end + max(5*second, (l.end-since)/8)
	return l, t.ctx.covers(since, l.until)
}

// expire ends what was granted with a row.
func (t *Teller) expire(l *lapse) {
	var d *dereg
	for _, o := range l.row.b.rows {
		if !o.active && o.by != nil && o.by.initiator == ByExpiry && abs(o.ended-l.end) <= 5*second && o.group == l.row.group {
			d = o.by // of which a document tells with another identity
		}
	}
	if d == nil {
		d = t.newDereg(ByExpiry, cmp.Or(l.row.shortened, l.frame), l.end)
		d.why = "the granted time ran out without a refresh"
		d.silent = true
		t.shortenedBefore(d, l.row)
	}
	for _, o := range l.row.b.rows {
		if o.active && o.group == l.row.group {
			t.end(o, d, "expired", l.end)
		}
	}
}
