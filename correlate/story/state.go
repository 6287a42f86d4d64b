package story

import (
	"iter"
	"slices"

	"imscope/correlate/identity"
)

// rowsAt gives the rows that were active at a moment.
func (t *Teller) rowsAt(at int64) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		for _, b := range t.bindings {
			for _, r := range b.rows {
				if r.since <= at && (r.active || r.ended > at) && !yield(r) {
					return
				}
			}
		}
	}
}

// activity is when something was bound to an identity.
type activity struct{ since, ended []int64 } // each in ascending order

// before counts what is bound when a moment comes.
func (a *activity) before(now int64) int { return upTo(a.since, now) - upTo(a.ended, now-1) }

// upTo counts the times that are not later than now.
func upTo(times []int64, now int64) int {
	n, _ := slices.BinarySearch(times, now+1)
	return n
}

// collectActivity makes the activity of every identity, in their order.
func (t *Teller) collectActivity() {
	if len(t.deregs) == 0 {
		return
	}
	t.activities = slices.Grow(t.activities, len(t.order))[:len(t.order)]
	for _, b := range t.bindings {
		if identity.Emergency(b.key) {
			continue // serves emergency calls alone (TS 24.229 5.1.6.2): nobody is reachable there
		}
		for _, r := range b.rows {
			i := t.orderIndex.find(t.order, r.aor)
			if i < 0 {
				continue
			}
			a := &t.activities[i]
			a.since = t.room.times.Add(a.since, r.since)
			if !r.active {
				a.ended = t.room.times.Add(a.ended, max(r.ended, r.since))
			}
		}
	}
	for i := range t.activities {
		slices.Sort(t.activities[i].since)
		slices.Sort(t.activities[i].ended)
	}
}

// over gives the moment at which a de-registration had ended what it ended; what only a later document adds to it is gone
// by then. Of what it ended watchers may be told later, when the phone is back already.
func (d *dereg) over() int64 {
	if len(d.rows) == 0 {
		return max(d.pub.Ended, d.time)
	}
	at := d.rows[0].ended
	for _, r := range d.rows {
		at = min(at, r.ended)
	}
	for grown := true; grown; {
		grown = false
		for _, r := range d.rows {
			if r.ended > at && r.ended-at <= settleTime {
				at, grown = r.ended, true
			}
		}
	}
	return max(at, d.time)
}

// known gives the moment at which a document said how things stand behind a de-registration, over if none did soon: what
// one document ends is not reachable any more, whatever ended it.
func (d *dereg) known(over int64) int64 {
	for _, x := range d.notifies {
		if at := x.FirstTime(); at >= over && at-over <= settleTime {
			return at
		}
	}
	return over
}

// identitiesAfter tells for each identity whether anything is bound to it once d is over.
func (t *Teller) identitiesAfter(d *dereg) []IdentityState {
	over := d.over()
	known, start := d.known(over), d.time
	for _, r := range d.rows {
		start = min(start, r.ended) // the answer may have been captured before its request
	}
	n := 0
	for i := range t.activities {
		if upTo(t.activities[i].since, over) > 0 {
			n++
		}
	}
	switch {
	case d.farewell != nil:
		return t.farewellState(d.farewell)
	case n == 0:
		return nil
	}
	out := t.made.states.Some(n)[:0]
	for i := range t.activities {
		if a := &t.activities[i]; upTo(a.since, over) > 0 {
			left, before := t.remains(d, i, over, known) || slices.Contains(d.stays, t.order[i]), a.before(start) > 0
			if len(d.rows) == 0 {
				before = left // whatever ended meanwhile, another one ended it
			}
			out = append(out, IdentityState{AOR: t.spelled[i], State: stateWord(left), Before: stateWord(before)})
		}
	}
	return out
}

// remains reports whether something is bound to an identity at the moment known that was bound at the moment over, and
// that the de-registration does not end.
func (t *Teller) remains(d *dereg, i int, over, known int64) bool {
	a := &t.activities[i]
	if begun := upTo(a.since, over); begun == upTo(a.since, known) {
		left := begun - upTo(a.ended, known)
		for _, r := range d.rows {
			if r.aor == t.order[i] && r.ended > known && r.since <= over && !identity.Emergency(r.b.key) {
				left--
			}
		}
		return left > 0
	}
	for r := range t.rowsAt(known) {
		if r.aor == t.order[i] && r.by != d && r.since <= over && !identity.Emergency(r.b.key) {
			return true
		}
	}
	return false
}

// scope says how much went: everything, some identities of a contact that stays bound for others, or
// the contact.
func (t *Teller) scope(d *dereg) string {
	p := d.pub
	left := slices.ContainsFunc(p.Identities, func(i IdentityState) bool { return i.State == "active" })
	over := d.over()
	for r := range t.rowsAt(over) {
		if left {
			break
		}
		left = identity.Emergency(r.b.key)
	}
	if !left && len(d.rows) > 0 {
		return ScopeAll
	}
	if d.farewell != nil {
		return ScopeIdentity
	}
	if c := p.Trigger; c != nil && len(d.rows) == 0 && p.Successful() {
		// The capture does not hold what was bound: the request says whom it is about.
		if len(c.Public) > 0 {
			return ScopeIdentity
		}
		return ScopeAll
	}
	for _, b := range d.bindings {
		if slices.ContainsFunc(b.rows, func(r *row) bool { return r.by != d && r.since <= over && (r.active || r.ended > over) }) {
			return ScopeIdentity
		}
	}
	return ScopeContact
}
