package story

// held is when a registrar held a contact under an identity: its lifetimes, by their beginnings and ends.
type held struct{ activity }

// hold takes the lifetimes of a contact from the registrar's lane, where a document speaks of it.
func (b *believer) hold(c *chart, aor string) {
	b.held.reset()
	if !c.told {
		return
	}
	b.segs = b.segs[:0]
	lane := b.laid(c, aor)
	for i := range lane {
		if lane[i].State != BeliefRegistered {
			continue
		}
		b.held.since = append(b.held.since, lane[i].From)
		if i+1 < len(lane) {
			b.held.ended = append(b.held.ended, lane[i+1].From)
		}
	}
}

// lifetime gives the number of the lifetime that a clue is about: the newest one; of an end that the registrar tells, the
// newest that was over by then (a document of an old dialog may come after the REGISTER that binds the contact anew).
func (h *held) lifetime(c *clue) int {
	switch {
	case c.sent == 0:
		return upTo(h.since, c.time)
	case c.state == BeliefRegistered:
		return upTo(h.since, c.sent)
	default:
		return upTo(h.ended, c.sent)
	}
}

// next gives when the next lifetime after a moment begins, 0 if none does.
func (h *held) next(at int64) int64 {
	if i := upTo(h.since, at); i < len(h.since) {
		return h.since[i]
	}
	return 0
}

func (h *held) reset() { h.since, h.ended = h.since[:0], h.ended[:0] }
