package correlate

import "imscope/correlate/fact"

// Rebase takes by off all frame numbers that are held: a run of weeks has more frames than 32 bits can number. What
// was before frame by becomes frame 1. The caller numbers records accordingly from now on.
func (l *Live) Rebase(by uint32) {
	down := func(frame *uint32) {
		switch {
		case *frame > by:
			*frame -= by
		case *frame != 0:
			*frame = 1
		}
	}
	done := map[any]bool{} // what was met
	message := func(m *fact.Message) {
		for i := range m.Hops {
			down(&m.Hops[i].Frame)
		}
	}
	l.each(func(x *fact.Exchange) {
		if done[x] {
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
	}, func(c *fact.Cx) {
		if done[c] {
			return
		}
		done[c] = true
		message(&c.Request)
		message(&c.Answer)
	})
	for _, u := range l.users.all {
		down(&u.first)
		told := make(ledger, len(u.told))
		for t, e := range u.told {
			down(&t.frame)
			told.add(t, e)
		}
		u.told = told
	}
}
