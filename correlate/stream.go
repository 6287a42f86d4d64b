package correlate

import (
	"container/heap"
	"slices"
	"time"

	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
)

const (
	// restless is how long a user who is never quiet waits to be told. Others are told once they are: a
	// registration with its subscription costs one story then instead of ten.
	restless = 8 * int64(time.Second)
	// settled is how long a user must be silent until nothing is left to be told but that time runs out: longer
	// than anybody waits for an answer, patience and the rules alike.
	settled = patience + int64(time.Second)
	// maxStreamFacts bounds the exchanges and Cx transactions that are held of all users together.
	maxStreamFacts = 32 << 10
	// maxStreamOpen bounds what further hops may belong to, of either protocol, and the dialogs.
	maxStreamOpen = 16 << 10
	// linger is how long an answered exchange must be silent before nothing more belongs to it: twice the
	// longest interval between retransmissions (T2 towards a phone, 16 s, TS 24.229 7.7).
	linger = 32 * int64(time.Second)
	// tidyEvery is after how many messages tables are looked through for what is over.
	tidyEvery = 16 << 10
	// maxStreamInterned is how many strings are shared before the tables begin anew, and how many addresses
	// are known before those that no fact names are given up.
	maxStreamInterned = 32 << 10
)

// Stream tells captures that are read at full speed as a Live tells a network: what is new once, on the
// capture's clock. What it emits depends on the records alone. Its memory is bounded: users are forgotten
// once they are gone, and those who have been silent for longest where too much is held.
type Stream struct {
	live     *Live
	emit     func(Emission)
	heard    roll // users who may have a binding
	gone     roll // users who have none, and of whom all is told
	facts    int  // of all users
	messages uint64
}

// NewStream returns a Stream around a new Engine.
func NewStream(opt Options, emit func(Emission)) *Stream {
	s := &Stream{live: NewLive(opt), emit: emit}
	s.live.touched = s.touched
	return s
}

// Totals counts what was emitted.
func (s *Stream) Totals() *Totals { return &s.live.Totals }

// Observe tells what has become known by the time of the next record, and takes it.
func (s *Stream) Observe(rec *decode.Record) {
	s.advance(rec.Time)
	s.live.Observe(rec)
	if s.messages++; s.messages%tidyEvery == 0 {
		s.tidy()
	}
}

// advance looks at the users whose time has come, each at its time.
func (s *Stream) advance(now int64) {
	l := s.live
	for len(l.wake) > 0 && l.wake[0].at <= now {
		w := heap.Pop(&l.wake).(wakeup)
		if u := w.u.find(); u.wakeAt == w.at {
			u.wakeAt = 0
			l.end = max(l.end, w.at)
			s.look(u, l.end)
		}
	}
}

// look tells a user, and forgets one who is gone.
func (s *Stream) look(u *user, now int64) {
	l, silent := s.live, now-u.last
	if u.dirty && silent < quiet && now-u.since < restless {
		l.wakeAt(u, min(u.last+quiet, u.since+restless))
		return
	}
	l.early = silent < quiet && len(u.in.Exchanges)+len(u.in.Cx) <= foldAfter
	st := l.tell(u, now, s.emit)
	s.count(u)
	u.dirty = false
	switch {
	case silent < quiet:
		l.wakeAt(u, u.last+quiet)
	case silent < settled:
		l.wakeAt(u, u.last+settled)
	case st == nil || !active(st):
		s.gone.append(u)
	}
}

// touched has a user who has changed told in a moment.
func (s *Stream) touched(u *user) {
	if u.forgotten {
		u = s.revive(u)
	}
	s.heard.append(u)
	s.count(u)
	if !u.dirty {
		u.dirty, u.since = true, s.live.end
	}
	s.live.wakeAt(u, s.live.end+quiet)
	for s.facts > maxStreamFacts && s.gone.first != nil {
		s.forget(s.gone.first)
	}
	for s.facts > maxStreamFacts && s.heard.first != u {
		s.drop(s.heard.first)
	}
}

// count takes note of how many facts a user has.
func (s *Stream) count(u *user) {
	n := len(u.in.Exchanges) + len(u.in.Cx) + len(u.in.Strays) + 1
	s.facts += n - u.counted
	u.counted = n
}

// drop forgets a user who may have a binding, and before that tells what is left to be told.
func (s *Stream) drop(u *user) {
	l := s.live
	if u.parent == nil && u.first != 0 {
		if u.dirty || l.end-u.last < settled {
			l.final, l.early = true, false
			l.tell(u, l.end, s.emit)
			l.final = false
		}
		l.Totals.UsersEvicted++
	}
	s.forget(u)
}

// forget gives up what is held of a user.
func (s *Stream) forget(u *user) {
	s.facts -= u.counted
	u.counted = 0
	u.on.remove(u)
	if u.parent != nil {
		return
	}
	if u.first != 0 {
		s.live.forget(u)
	}
	u.forgotten, u.dirty, u.wakeAt = true, false, 0
}

// revive takes up a forgotten user again whom an open transaction or a dialog still named.
func (s *Stream) revive(u *user) *user {
	t, names := &s.live.users, u.names
	u.names, u.forgotten = nil, false
	for _, n := range names {
		if t.known(n) == u {
			delete(t.byName, n)
		}
		u = t.name(u, n, true)
	}
	return u
}

// Finish tells what is left to be told when nothing more comes.
func (s *Stream) Finish() {
	l := s.live
	l.final, l.over, l.early = true, true, false
	for u := range s.all {
		l.tell(u, l.end, s.emit)
	}
}

// Close gives what was counted, as a report without users.
func (s *Stream) Close(files []capture.FileInfo, st *decode.Stats) *Report {
	l := s.live
	r := NewReport(0, nil)
	r.Captures, r.Decode, r.Stats = files, st, l.stats(st)
	var held []*user
	for u := range s.all {
		if u.first != 0 {
			held = append(held, u)
		}
	}
	r.Stats.Users = len(held) + int(l.Totals.UsersDropped)
	r.Stats.Deregistrations = l.Totals.Deregistrations
	if n := l.Totals.UsersEvicted; n > 0 {
		r.Stats.Dropped["silent-users"] = n
	}
	r.Stats.Sealed = l.sealed(st, held, func(i int) string { return story.Tell(held[i].in, l.context()).ID })
	return r
}

// tidy gives up what is over in the tables.
func (s *Stream) tidy() {
	l := s.live
	since := func(answered bool, last int64) state {
		switch {
		case !answered:
			return waiting
		case l.end-last > linger:
			return over
		}
		return answeredNow
	}
	trim(&l.exchanges, func(o *open) state { return since(o.x.Final() != nil, lastTime(o.x)) })
	trim(&l.cx, func(o *openCx) state { return since(o.x.Answer.Seen(), o.x.FirstTime()) })
	trim(&l.dialogs, func(u *user) state {
		if u.find().forgotten {
			return over
		}
		return answeredNow
	})
	if len(l.users.all) > 2*(s.heard.n+s.gone.n)+tidyEvery {
		l.users.redirect()
		clear(l.users.all)
		l.users.all = slices.AppendSeq(l.users.all[:0], s.all)
	}
	if len(l.wake) > 2*(s.heard.n+s.gone.n)+tidyEvery {
		l.wake = slices.DeleteFunc(l.wake, func(w wakeup) bool { return w.u.wakeAt != w.at })
		heap.Init(&l.wake)
	}
	l.facts.Trim(maxStreamInterned)
	l.trimNodes(maxStreamInterned)
}

// state says how likely it is that something comes to what is open.
type state int

const (
	waiting     state = iota // an answer is missing
	answeredNow              // a retransmission may come
	over                     // nothing comes
)

// trim drops what is over from an index, and the oldest where it holds too much all the same. Those that wait for
// an answer are counted then.
func trim[K comparable, V any](x *index[K, V], state func(V) state) {
	queue := x.queue[:0]
	for _, b := range x.queue[x.head:] {
		v, ok := x.m[b.key]
		switch {
		case !ok:
		case state(v) == over:
			delete(x.m, b.key)
		default:
			queue = append(queue, b)
		}
	}
	n := max(len(queue)-maxStreamOpen, 0)
	for _, b := range queue[:n] {
		if state(x.m[b.key]) == waiting {
			x.evicted++
		}
		delete(x.m, b.key)
	}
	x.queue, x.head = append(queue[:0], queue[n:]...), 0
}

// roll is a list of users by when they were heard last, the longest silent first.
type roll struct {
	first, last *user
	n           int
}

// append puts a user at the end, away from where the user was.
func (r *roll) append(u *user) {
	if r.last == u {
		return
	}
	if u.on != nil {
		u.on.remove(u)
	}
	u.on = r
	if u.prev = r.last; u.prev != nil {
		u.prev.next = u
	} else {
		r.first = u
	}
	r.last = u
	r.n++
}

// remove takes a user out.
func (r *roll) remove(u *user) {
	if u.prev != nil {
		u.prev.next = u.next
	} else {
		r.first = u.next
	}
	if u.next != nil {
		u.next.prev = u.prev
	} else {
		r.last = u.prev
	}
	u.on, u.prev, u.next = nil, nil, nil
	r.n--
}

// all yields the users of some rolls who have not become part of another one.
func (s *Stream) all(yield func(*user) bool) {
	for _, r := range []*roll{&s.gone, &s.heard} {
		for u := r.first; u != nil; u = u.next {
			if u.parent == nil && !yield(u) {
				return
			}
		}
	}
}
