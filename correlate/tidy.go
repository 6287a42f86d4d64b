package correlate

import "time"

const (
	// tidyEvery is after how many messages a Stream looks through its tables for what is over.
	tidyEvery = 16 << 10
	// maxStreamOpen bounds what further hops may belong to, of either protocol, and the dialogs, at each such look.
	maxStreamOpen = 16 << 10
	// linger is how long an answered exchange must be silent before nothing more belongs to it: twice the
	// longest interval between retransmissions (T2 towards a phone, 16 s, TS 24.229 7.7).
	linger = 32 * int64(time.Second)
	// maxStreamNodes is how many addresses or encapsulations are known before those that no fact names are given up.
	maxStreamNodes = 32 << 10
)

// tidy gives up what is over in the tables.
func (s *Stream) tidy() {
	l := s.live
	old := l.end - linger
	trim(&l.exchanges, old, func(o *open) state {
		switch {
		case o.x.Final() == nil:
			return waiting
		case o.x.LastTime() < old:
			return over
		}
		return answered
	})
	trim(&l.cx, old, func(o *openCx) state {
		if !o.x.Answer.Seen() {
			return waiting
		}
		return over
	})
	trim(&l.dialogs, old, func(u **user) state {
		if (*u).find().forgotten {
			return over
		}
		return answered
	})
	s.gone.each(s.merged)
	s.heard.each(s.merged)
	most := 2*(s.heard.n+s.gone.n) + tidyEvery
	if len(l.users.all) > most || len(l.wake) > most {
		l.compact()
	}
	l.trim(maxStreamNodes)
}

// merged forgets a user who has become part of another.
func (s *Stream) merged(u *user) {
	if u.parent != nil {
		s.forget(u)
	}
}

// state says how likely it is that something comes to what is open.
type state int

const (
	waiting  state = iota // an answer is missing
	answered              // a retransmission may come
	over                  // nothing comes
)

// trim drops from an index what is old and over, and what is oldest where it holds too much all the same. What waits
// for an answer is counted then.
func trim[K comparable, V any](x *index[K, V], old int64, state func(*V) state) {
	x.drop(func(e *entry[K, V]) bool { return e.time < old && state(&e.value) == over })
	for x.len() > maxStreamOpen {
		if state(&x.at(x.oldest).value) == waiting {
			x.evicted++
		}
		x.dropOldest()
	}
}
