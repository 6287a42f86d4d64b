package correlate

import (
	"container/heap"
	"hash/maphash"
	"math"
	"slices"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/story"
	"imscope/decode"
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
	Update         bool // a de-registration that was emitted before and has grown since
}

const (
	// quiet is how long nothing more must come before a de-registration counts as told to its end.
	quiet = 2 * int64(time.Second)
	// patience is how long an attempt may wait for its answer before it is called unanswered: Timer F
	// of the core, RFC 3261 17.1.2.2.
	patience = 33 * int64(time.Second)
	// foldAfter is how many facts a user may gather before what is over is forgotten.
	foldAfter = 96
	// horizon is how long facts are kept at any rate: longer than any transaction and its
	// consequences last.
	horizon = 10 * 60 * int64(time.Second)
	// maxNodesLive is how many addresses may be known before those that no fact names are given up.
	maxNodesLive = 1 << 17
)

// Live runs an Engine on a capture that does not end: users are told again as they change, what is
// new is emitted once, and what is over is forgotten.
type Live struct {
	*Engine
	Totals Totals

	teller    story.Teller
	verdicts  *finding.Judge
	ctx       *story.Context
	addrs     []string // what ctx.Addr gave, by node
	dirty     []*user  // in order of their first change
	wake      wakeups
	seed      maphash.Seed
	lastSweep int64
	final     bool   // nothing more comes: nothing waits for it
	over      bool   // the capture has ended: what is missing will not come
	early     bool   // what has begun may still go on: findings wait
	base      uint64 // by how much frames were renumbered, all in all
}

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

// NewLive returns a Live around a new Engine.
func NewLive(opt Options) *Live {
	l := &Live{Engine: NewEngine(opt), verdicts: finding.NewJudge(rules.Catalogue()), seed: maphash.MakeSeed()}
	l.Totals.Outcomes, l.Totals.Findings = map[string]uint64{}, map[string]uint64{}
	l.log, l.exchanges.passing, l.cx.passing, l.users.live = nil, nil, nil, true
	l.ctx = l.context()
	l.ctx.Addr = l.addr
	l.touched = func(u *user) {
		if !u.dirty {
			u.dirty = true
			l.dirty = append(l.dirty, u)
		}
	}
	return l
}

// Users returns how many users are held.
func (l *Live) Users() int {
	n := 0
	for _, u := range l.users.all {
		if u.parent == nil && u.first != 0 {
			n++
		}
	}
	return n
}

// Advance tells what has become known up to now, on the capture's clock. It looks at no more than
// budget users (0: all) and reports whether some are left: under load the caller reads on first.
func (l *Live) Advance(now int64, budget int, emit func(Emission)) (more bool) {
	l.end = max(l.end, now)
	for len(l.wake) > 0 && l.wake[0].at <= now {
		w := heap.Pop(&l.wake).(wakeup)
		if u := w.u.find(); u.wakeAt == w.at {
			u.wakeAt = 0
			l.touched(u)
		}
	}
	n := len(l.dirty)
	if budget > 0 {
		n = min(n, budget)
	}
	for _, u := range l.dirty[:n] {
		if u = u.find(); u.dirty {
			u.dirty = false
			l.tell(u, now, emit)
		}
	}
	rest := copy(l.dirty, l.dirty[n:])
	clear(l.dirty[rest:])
	l.dirty = l.dirty[:rest]
	if now-l.lastSweep > horizon {
		if l.lastSweep != 0 {
			l.sweep(now)
		}
		l.lastSweep = now
	}
	return len(l.dirty) > 0
}

// Finish tells what is left to be told when nothing more comes, de-registrations above all that waited for what might
// follow.
func (l *Live) Finish(now int64, emit func(Emission)) {
	l.final = true
	for _, w := range l.wake {
		if u := w.u.find(); u.wakeAt != 0 {
			u.wakeAt = 0
			l.touched(u)
		}
	}
	l.wake = nil
	l.Advance(now, 0, emit)
}

// addr gives the address of a node as text. Making it for each mention was 5 % of a stream's time (2026-11-29).
func (l *Live) addr(id fact.NodeID) string {
	if id == 0 {
		return ""
	}
	if n := l.facts.Nodes.Len() + 1; len(l.addrs) < n {
		l.addrs = append(l.addrs, make([]string, n-len(l.addrs))...)
	}
	if l.addrs[id] == "" {
		l.addrs[id] = l.facts.Nodes.Addr(id).Addr().Unmap().String()
	}
	return l.addrs[id]
}

// Stats counts what was seen until now. st may be nil.
func (l *Live) Stats(st *decode.Stats) Stats { return l.stats(st) }

// once reports whether something is emitted of a user for the first time.
func (l *Live) once(u *user, parts ...uint64) bool {
	var h maphash.Hash
	h.SetSeed(l.seed)
	for _, p := range parts {
		maphash.WriteComparable(&h, p)
	}
	k := h.Sum64()
	if u.emitted == nil {
		u.emitted = map[uint64]struct{}{}
	}
	if _, ok := u.emitted[k]; ok {
		return false
	}
	u.emitted[k] = struct{}{}
	return true
}

func (l *Live) hash(s string) uint64 { return maphash.String(l.seed, s) }

// Kinds of what is emitted, for once.
const (
	onceEvent = iota
	onceDeregistration
	onceDeregistrationAs
	onceFinding
)

// tell emits what is new of one user, and gives the story: nil of a user without facts.
func (l *Live) tell(u *user, now int64, emit func(Emission)) *story.User {
	if u.first == 0 {
		return nil
	}
	sortFacts(&u.in)
	l.ctx.Start, l.ctx.End = l.start, l.end
	if n := len(l.ctx.Spans); n > 0 {
		l.ctx.Spans[n-1].To = l.end
	}
	ctx := l.ctx.Until(u.last)
	s := l.teller.Tell(u.in, ctx)
	l.tellEvents(u, s, emit)
	l.tellDeregistrations(u, s, now, emit)
	if !l.early {
		l.tellFindings(u, s, ctx, emit)
	}
	for i := range s.Timeline {
		u.told = max(u.told, s.Timeline[i].Frame)
	}
	for i := range s.Bindings {
		if b := &s.Bindings[i]; b.Active && b.Expires != 0 && b.Refreshed != 0 {
			// A little later than story calls a silent expiry one.
			at := b.Expires + max(5*int64(time.Second), (b.Expires-b.Refreshed)/8) + int64(time.Second)
			if at > now {
				l.wakeAt(u, at)
			}
		}
	}
	if len(u.in.Exchanges)+len(u.in.Cx) > foldAfter {
		l.fold(u, now)
	}
	return s
}

// tellFindings lets the rules look at a user.
func (l *Live) tellFindings(u *user, s *story.User, ctx *story.Context, emit func(Emission)) {
	c := l.caseOf(s, &u.in, ctx)
	c.Ongoing = !l.over && ctx == l.ctx
	findings, _ := l.verdicts.Judge(&c, math.MaxInt)
	for i := range findings {
		f := &findings[i]
		frame := uint32(0)
		if len(f.Frames) > 0 {
			frame = f.Frames[0]
		}
		if frame != 0 && frame <= u.folded || !l.once(u, onceFinding, l.base+uint64(frame), l.hash(f.Rule)) {
			continue
		}
		l.Totals.Findings[f.Rule]++
		emit(Emission{User: s, Finding: f})
	}
}

// tellEvents emits the messages, and the document of each NOTIFY behind it.
func (l *Live) tellEvents(u *user, s *story.User, emit func(Emission)) {
	for i := range s.Timeline {
		e := &s.Timeline[i]
		if e.Kind != story.KindExpiry && e.Frame <= u.folded || !l.once(u, onceEvent, l.base+uint64(e.Frame), uint64(e.Status), l.hash(e.Method)) {
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
		if due := d.Ended + wait; now < due && !l.final {
			l.wakeAt(u, due)
			continue
		}
		if d.TriggerFrame != 0 && d.TriggerFrame <= u.folded {
			continue // emitted before what led to it was forgotten
		}
		id := []uint64{l.base + uint64(d.TriggerFrame), uint64(d.Started), l.hash(d.Initiator)}
		first := l.once(u, append([]uint64{onceDeregistration}, id...)...)
		if !l.once(u, append([]uint64{onceDeregistrationAs, l.hash(d.Outcome), l.hash(d.Missing), uint64(len(d.Contacts))}, id...)...) {
			continue
		}
		if first {
			l.Totals.Deregistrations.count(d)
			l.Totals.Outcomes[d.Initiator+" "+d.Outcome]++
		}
		emit(Emission{User: s, Deregistration: d, Update: !first})
	}
}

// wakeAt has a user looked at again at a moment, unless an earlier one is set.
func (l *Live) wakeAt(u *user, at int64) {
	if u.wakeAt == 0 || at < u.wakeAt {
		u.wakeAt = at
		heap.Push(&l.wake, wakeup{at, u})
	}
}

// wakeup is a moment at which a user has to be looked at though no message comes.
type wakeup struct {
	at int64
	u  *user
}

// wakeups is a heap, the earliest first.
type wakeups []wakeup

func (w wakeups) Len() int           { return len(w) }
func (w wakeups) Less(i, j int) bool { return w[i].at < w[j].at }
func (w wakeups) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *wakeups) Push(x any)        { *w = append(*w, x.(wakeup)) }
func (w *wakeups) Pop() any {
	old := *w
	n := len(old) - 1
	x := old[n]
	old[n] = wakeup{}
	*w = old[:n]
	return x
}

// sweep forgets users who are gone, and begins the shared tables anew where they have grown.
func (l *Live) sweep(now int64) {
	keep := l.users.all[:0]
	for _, u := range l.users.all {
		if u.parent != nil {
			continue
		}
		if u.first != 0 && now-u.last > horizon && !u.dirty {
			l.fold(u, now)
			if !l.bound(u) {
				l.forget(u)
				continue
			}
		}
		keep = append(keep, u)
	}
	clear(l.users.all[len(keep):])
	l.users.all = keep
	l.users.redirect()
	l.trimNodes(maxNodesLive)
}

// bound reports whether anything of a user is still alive: a binding, or a subscription that has not
// run out.
func (l *Live) bound(u *user) bool { return active(l.teller.Tell(u.in, l.context())) }

// active reports whether a user has a binding.
func active(s *story.User) bool {
	return slices.ContainsFunc(s.Bindings, func(b story.Binding) bool { return b.Active })
}

// forget drops a user.
func (l *Live) forget(u *user) {
	for _, n := range u.names {
		if l.users.known(n) == u {
			delete(l.users.byName, n)
		}
	}
	u.first, u.in, u.emitted = 0, story.Input{}, nil
	l.Totals.UsersDropped++
}
