package correlate

import (
	"container/heap"
	"hash/maphash"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/story"
	"imscope/decode"
)

// maxNodesLive is how many addresses or encapsulations may be known before those that no fact names are given up.
const maxNodesLive = 1 << 17

// Live runs an Engine on a capture that does not end: users are told again as they change, what is
// new is emitted once, and what is over is forgotten.
type Live struct {
	*Engine
	Totals Totals

	teller    story.Teller
	verdicts  *finding.Judge
	ctx       *story.Context
	addrs     []string           // what ctx.Addr gave, by node
	dirty     []*user            // in order of their first change
	fresh     []*finding.Finding // scratch of tellFindings
	wake      wakeups
	seed      maphash.Seed
	lastSweep int64
	pass      uint32 // numbers the stories that were gone through
	silent    bool   // what a story says is not told: it is no news
	final     bool   // nothing more comes: nothing waits for it
	over      bool   // the capture has ended: what is missing will not come
	early     bool   // what has begun may still go on: findings wait
}

// NewLive returns a Live around a new Engine.
func NewLive(opt Options) *Live {
	l := &Live{Engine: NewEngine(opt), verdicts: finding.NewJudge(rules.Catalogue()), seed: maphash.MakeSeed()}
	l.Totals.Outcomes, l.Totals.Findings = map[string]uint64{}, map[string]uint64{}
	l.log, l.exchanges.passing, l.cx.passing, l.users.live = nil, nil, nil, true
	l.ctx = l.context()
	l.ctx.Addr = l.addr
	l.touched = func(u *user, rec *decode.Record) {
		if u = l.present(u); u != nil {
			u.lag.see(rec)
			l.look(u)
		}
	}
	return l
}

// look has a user told with the next Advance.
func (l *Live) look(u *user) {
	if !u.dirty {
		u.dirty = true
		l.dirty = append(l.dirty, u)
	}
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

// Advance tells what has become known up to now, on the capture's clock; of users whose messages capture agents tell,
// up to what that is by the agents' clocks. It looks at no more than
// budget users (0: all) and reports whether some are left: under load the caller reads on first.
func (l *Live) Advance(now int64, budget int, emit func(Emission)) (more bool) {
	l.end = max(l.end, now)
	for len(l.wake) > 0 && l.wake[0].at <= now {
		w := heap.Pop(&l.wake).(wakeup)
		if u := w.u.find(); u.wakeAt == w.at {
			u.wakeAt = 0
			l.look(u)
		}
	}
	n := len(l.dirty)
	if budget > 0 {
		n = min(n, budget)
	}
	for _, u := range l.dirty[:n] {
		if u = u.find(); u.dirty {
			u.dirty = false
			l.tell(u, now-u.lag.by, emit)
		}
	}
	rest := copy(l.dirty, l.dirty[n:])
	clear(l.dirty[rest:])
	l.dirty = l.dirty[:rest]
	if now-l.lastSweep > horizon {
		if l.lastSweep != 0 {
			l.sweep(now, emit)
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
			l.look(u)
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

// wakeAt has a user looked at again at a moment by the clock of the user's messages, unless an earlier one is set.
func (l *Live) wakeAt(u *user, at int64) {
	at += u.lag.by
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

// compact drops the users who are no more from the table, with their names and their wakeups: each registration that
// ends leaves one.
func (l *Live) compact() {
	l.users.redirect()
	l.users.all = slices.DeleteFunc(l.users.all, func(u *user) bool { return u.parent != nil || u.forgotten })
	clear(l.wake)
	l.wake = l.wake[:0]
	for _, u := range l.users.all {
		if u.wakeAt != 0 {
			l.wake = append(l.wake, wakeup{u.wakeAt, u})
		}
	}
	heap.Init(&l.wake)
}

// sweep tells and folds users who have become silent, forgets those of them who have no binding, and begins the shared
// tables anew where they have grown.
func (l *Live) sweep(now int64, emit func(Emission)) {
	for _, u := range l.users.all {
		if u.parent != nil || u.forgotten || u.dirty {
			continue
		}
		now := now - u.lag.by
		if now-u.last <= horizon {
			continue
		}
		if !u.rests {
			if s := l.tell(u, now, emit); s != nil {
				l.fold(u, s, now)
			}
			u.rests = true
		}
		if !u.active {
			l.forget(u)
		}
	}
	l.compact()
	l.trim(maxNodesLive)
}

// forget drops a user.
func (l *Live) forget(u *user) {
	for _, n := range u.names {
		if l.users.known(n) == u {
			delete(l.users.byName, n)
		}
	}
	if u.first != 0 {
		l.Totals.UsersDropped++
	}
	u.first, u.in, u.told = 0, story.Input{}, nil
	u.forgotten, u.dirty, u.wakeAt = true, false, 0
}

// present gives the user to tell of what has just come: an open transaction or a dialog may name one who was forgotten.
// It is nil where no room is left.
func (l *Live) present(u *user) *user {
	if !u.forgotten {
		return u
	}
	return l.users.revive(u)
}
