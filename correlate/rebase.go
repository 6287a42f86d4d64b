package correlate

import "imscope/correlate/fact"

// Rebase takes by off all frame numbers that are held: a run of weeks has more frames than 32 bits can number. What
// was before frame by becomes frame 1, and has been told. The caller numbers records accordingly from now on.
func (l *Live) Rebase(by uint32) {
	down := func(frame *uint32) {
		switch {
		case *frame > by:
			*frame -= by
		case *frame != 0:
			*frame = 1
		}
	}
	message := func(m *fact.Message) {
		for i := range m.Hops {
			down(&m.Hops[i].Frame)
		}
	}
	done := map[any]bool{} // what is open is a user's as well, as a rule
	exchange := func(x *fact.Exchange) {
		if x == nil || done[x] {
			return
		}
		done[x] = true
		message(&x.Request)
		for i := range x.Responses {
			message(&x.Responses[i])
		}
		for i := range x.Problems {
			down(&x.Problems[i].Frame)
		}
	}
	cx := func(c *fact.Cx) {
		if c == nil || done[c] {
			return
		}
		done[c] = true
		message(&c.Request)
		message(&c.Answer)
	}
	l.base += uint64(by)
	for _, u := range l.users.all {
		for _, x := range u.in.Exchanges {
			exchange(x)
		}
		for _, c := range u.in.Cx {
			cx(c)
		}
		u.folded = max(u.folded, min(u.told, by)) // what becomes frame 1 was told long ago
		down(&u.first)
		down(&u.told)
		down(&u.folded)
	}
	for o := range l.exchanges.all {
		exchange(o.x)
	}
	for o := range l.cx.all {
		cx(o.x)
	}
}
