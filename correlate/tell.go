package correlate

import (
	"math"
	"slices"
	"time"

	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// Emission is something that has just become known of a user: exactly one of Event, Document (with
// its Subscription), Deregistration and Finding is set. It lasts until the function that it was given to returns: of what
// it points at, only strings may be kept.
type Emission struct {
	User           *story.User
	Event          *story.Event
	Subscription   *story.Subscription
	Document       *story.Document
	Deregistration *story.Deregistration
	Finding        *finding.Finding
	Update         bool // a de-registration or finding that was emitted before and has grown since
}

const (
	// quiet is how long nothing more must come before a de-registration counts as told to its end.
	quiet = 2 * int64(time.Second)
	// patience is how long an attempt may wait for its answer before it is called unanswered: Timer F
	// of the core, RFC 3261 17.1.2.2.
	patience = 33 * int64(time.Second)
)

// Totals counts what a Live has emitted since it began.
type Totals struct {
	Registrations   uint64
	Deregistrations Deregistrations
	Outcomes        map[string]uint64 // by initiator and outcome, "user complete"
	Findings        map[string]uint64 // by rule
	Folded          uint64            // facts that were forgotten because they are over
	UsersDropped    uint64            // users who were forgotten
	UsersEvicted    uint64            // those of them who had to go before they were gone, see Stream
}

// tell emits what is new of one user, and gives the story: nil of a user without facts. now is by the clock of the user's
// messages.
func (l *Live) tell(u *user, now int64, emit func(Emission)) *story.User {
	u.active, u.rests = false, false
	if u.first == 0 {
		return nil
	}
	s, ctx := l.story(u, now)
	l.tellNews(u, s, ctx, now, emit)
	l.wakeForExpiry(u, s, now)
	u.active = active(s)
	if crowded(u) && !l.final {
		s = l.fold(u, s, now)
	}
	return s
}

// story tells a user as of now.
func (l *Live) story(u *user, now int64) (*story.User, *story.Context) {
	sortFacts(&u.in)
	l.ctx.Start, l.ctx.End = l.start, max(now, u.last)
	if n := len(l.ctx.Spans); n > 0 {
		l.ctx.Spans[n-1].To = l.end
	}
	ctx := l.ctx.Until(u.last)
	return l.teller.Tell(u.in, ctx), ctx
}

// active reports whether a user has a binding.
func active(s *story.User) bool {
	return slices.ContainsFunc(s.Bindings, func(b story.Binding) bool { return b.Active })
}

// tellNews emits what a story says that was not told.
func (l *Live) tellNews(u *user, s *story.User, ctx *story.Context, now int64, emit func(Emission)) {
	l.pass++
	l.tellEvents(u, s, emit)
	l.tellDeregistrations(u, s, now, emit)
	if !l.early {
		l.tellFindings(u, s, ctx, emit)
	}
}

// tellFindings lets the rules look at a user.
func (l *Live) tellFindings(u *user, s *story.User, ctx *story.Context, emit func(Emission)) {
	c := l.caseOf(s, &u.in, ctx)
	c.Ongoing = !l.over && ctx == l.ctx
	c.View.Damaged = s.Truncated > 0
	findings, _ := l.verdicts.Judge(&c, math.MaxInt)
	l.fresh = l.fresh[:0]
	for i := range findings {
		f := &findings[i]
		frame := uint32(0)
		if len(f.Frames) > 0 {
			frame = f.Frames[0]
		}
		if meet(l, u, frame, aFinding{f.Rule}, true) {
			l.fresh = append(l.fresh, f)
		}
	}
	for _, f := range l.fresh {
		grown := l.grown(u, f)
		if !grown {
			l.Totals.Findings[f.Rule]++
		}
		emit(Emission{User: s, Finding: f, Update: grown})
	}
	clear(l.fresh)
}

// grown reports whether a finding was told before at another frame of it, where the story does not say it any more: more
// of the same was found since, to be looked at first.
func (l *Live) grown(u *user, f *finding.Finding) bool {
	for i, frame := range f.Frames {
		if i > 0 && u.told.move(thingAt(l, frame, aFinding{f.Rule}), l.pass) {
			return true
		}
	}
	return false
}

// tellEvents emits the messages, and the document of each NOTIFY behind it.
func (l *Live) tellEvents(u *user, s *story.User, emit func(Emission)) {
	for i := range s.Timeline {
		e := &s.Timeline[i]
		if !meet(l, u, e.Frame, anEvent{e.Method, e.Status}, true) {
			continue
		}
		if e.Kind == story.KindRegistered {
			l.Totals.Registrations++
		}
		emit(Emission{User: s, Event: e})
		if e.Kind != story.KindNotify {
			continue
		}
		for _, sub := range s.Subscriptions {
			for _, d := range sub.Documents {
				if d.Exchange == e.Exchange {
					emit(Emission{User: s, Subscription: sub, Document: d})
				}
			}
		}
	}
}

// tellDeregistrations emits the de-registrations that are told to their end.
func (l *Live) tellDeregistrations(u *user, s *story.User, now int64, emit func(Emission)) {
	for _, d := range s.Deregistrations {
		wait := quiet
		if !d.Successful() {
			wait = patience
		}
		id := aDeregistration{d.Initiator, d.Started}
		at := d.Ended + wait
		due := now >= at || l.final
		if !due {
			l.wakeAt(u, at)
		}
		first := meet(l, u, d.TriggerFrame, id, due)
		if !meet(l, u, d.TriggerFrame, anOutcome{id, d.Outcome, d.Missing, len(d.Contacts)}, due) {
			continue
		}
		if first {
			l.Totals.Deregistrations.Count(d)
			l.Totals.Outcomes[d.Initiator+" "+d.Outcome]++
		}
		emit(Emission{User: s, Deregistration: d, Update: !first})
	}
}

// wakeForExpiry has a user looked at when bindings run out.
func (l *Live) wakeForExpiry(u *user, s *story.User, now int64) {
	for i := range s.Bindings {
		b := &s.Bindings[i]
		if !b.Active || b.Expires == 0 || b.Refreshed == 0 {
			continue
		}
		// Where story waits for longer, in a gap between captures for one, it is asked again, less and less often.
		at := b.Expires + slack(b)
		if at <= now {
			at = now + now - b.Expires
		}
		l.wakeAt(u, at)
	}
}

// slack is how long after the end of a binding story calls it a silent expiry, and a little more.
func slack(b *story.Binding) int64 {
	return max(5*int64(time.Second), (b.Expires-b.Refreshed)/8) + int64(time.Second)
}
