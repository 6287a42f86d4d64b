package correlate

import (
	"container/heap"

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
	// maxHeld bounds what is held of all users together, in bytes as weigh estimates them: 6,000 to 8,000 users
	// with three or four exchanges each. With tables and what is read ahead 45 MiB are alive then, 80 MiB with
	// the garbage between two collections, 140 MB are resident (2026-11-29).
	maxHeld = 24 << 20
)

// Stream tells captures that are read at full speed as a Live tells a network: what is new once, on the
// capture's clock. What it emits depends on the records alone. Its memory is bounded: where too much is held
// users who are gone are forgotten, then those who have been silent for longest.
type Stream struct {
	live     *Live
	emit     func(Emission)
	heard    roll // users who may have a binding
	gone     roll // users who have none, and of whom all is told
	held     int  // of all users, see maxHeld
	messages uint64
}

// NewStream returns a Stream around a new Engine.
func NewStream(opt Options, emit func(Emission)) *Stream {
	s := &Stream{live: NewLive(opt), emit: emit}
	s.live.touched = s.touched
	return s
}

// Digester returns what reads messages for the stream, see Engine.Digester.
func (s *Stream) Digester() decode.Digester { return s.live.Digester() }

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

// Rotation is how far apart the files of one capture may lie: see Gap.
const Rotation = time.Duration(rotation)

// Gap says that nothing is known of a time between two captures, once all before it is observed: silence proves
// nothing there.
func (s *Stream) Gap(from, to int64) {
	s.advance(from)
	l := s.live
	l.end = max(l.end, from)
	if n := len(l.ctx.Spans); n > 0 {
		l.ctx.Spans[n-1].To = l.end
	} else {
		l.ctx.Spans = []story.Span{{From: l.start, To: l.end}}
	}
	l.ctx.Spans = append(l.ctx.Spans, story.Span{From: to, To: to})
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

// look tells a user whose time has come, unless more has come meanwhile.
func (s *Stream) look(u *user, now int64) {
	l, silent := s.live, now-u.last
	if u.dirty && silent < quiet && now-u.since < restless {
		l.wakeAt(u, min(u.last+quiet, u.since+restless))
		return
	}
	l.early = silent < quiet && !crowded(u)
	l.tell(u, now, s.emit)
	s.hold(u, weigh(u))
	u.dirty = false
	switch {
	case silent < quiet:
		l.wakeAt(u, u.last+quiet)
	case silent < settled:
		l.wakeAt(u, u.last+settled)
	case !u.active:
		s.gone.append(u)
	}
}

// touched has a user who has changed told in a moment, and makes room.
func (s *Stream) touched(u *user, _ *decode.Record) {
	if u = s.live.present(u); u == nil {
		return
	}
	s.heard.append(u)
	s.hold(u, u.weight+usual) // weighed when told
	if !u.dirty {
		u.dirty, u.since = true, s.live.end
	}
	s.live.wakeAt(u, s.live.end+quiet)
	for s.held > maxHeld && s.gone.first != nil {
		s.forget(s.gone.first)
	}
	for s.held > maxHeld && s.heard.first != u {
		s.drop(s.heard.first)
	}
}

// hold takes note of what is held of a user.
func (s *Stream) hold(u *user, weight int) {
	s.held += weight - u.weight
	u.weight = weight
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
	s.hold(u, 0)
	u.on.remove(u)
	if u.parent == nil {
		s.live.forget(u)
	}
}

// Finish tells what is left to be told when nothing more comes. Close follows.
func (s *Stream) Finish(files []capture.FileInfo) {
	l := s.live
	for i := range files {
		if _, to, ok := files[i].Span(); ok {
			s.advance(to)
			l.end = max(l.end, to)
		}
	}
	l.final, l.over, l.early = true, true, false
	for u := range s.all {
		l.tell(u, l.end, s.emit)
	}
}

// Close gives what was counted, as a report without users. Who was forgotten and came again counts as another
// user.
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
	r.Stats.Sealed = l.sealed(st, held, func(i int) string { return story.Tell(held[i].in, l.ctx).ID })
	return r
}

// all yields the users who are held, those who are gone first.
func (s *Stream) all(yield func(*user) bool) {
	for _, r := range []*roll{&s.gone, &s.heard} {
		for u := r.first; u != nil; u = u.next {
			if u.parent == nil && !yield(u) {
				return
			}
		}
	}
}
