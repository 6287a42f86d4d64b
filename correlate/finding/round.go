package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
)

// Round is one REGISTER that the user's device, or the P-CSCF for it, sent, with its neighbours: those in the same
// Call-ID, which a device keeps for all its REGISTERs to a registrar (RFC 3261 10.2), and where it starts over with a new
// one, the last of the old.
type Round struct {
	*fact.Exchange
	Prev, Next *Round
	Final      *fact.Message // nil while there is none

	grants [2]int // where they are among the Grants
}

// Status returns the final response's status, 0 while there is none.
func (r *Round) Status() int {
	if r.Final == nil {
		return 0
	}
	return r.Final.Status
}

// OK reports whether the registrar accepted.
func (r *Round) OK() bool { return r.Status() >= 200 && r.Status() < 300 }

// Challenged reports whether the answer is a challenge.
func (r *Round) Challenged() bool { return r.Status() == 401 || r.Status() == 407 }

// At returns when the request was sent.
func (r *Round) At() int64 { return r.Request.Hops[0].Time }

// Done returns when the final response was first seen; valid iff there is one.
func (r *Round) Done() int64 { return r.Final.Hops[0].Time }

// Frame returns the first frame of the request.
func (r *Round) Frame() uint32 { return r.Request.Hops[0].Frame }

// Rounds returns the user's REGISTERs in order of their first frames, without third-party ones and
// without those whose request was not captured.
func (c *Case) Rounds() []*Round {
	m := c.memory()
	if m.known.rounds {
		return m.rounds
	}
	m.known.rounds = true
	m.store, m.rounds = m.store[:0], m.rounds[:0]
	for _, x := range c.Exchanges {
		if x.Register != nil && !x.Register.ThirdParty && x.Request.Seen() {
			m.store = append(m.store, Round{Exchange: x, Final: x.Final()})
		}
	}
	for i := range m.store {
		m.rounds = append(m.rounds, &m.store[i])
	}
	c.link(m.rounds)
	return m.rounds
}

// link makes the rounds of a device neighbours. Most devices have one Call-ID: only where it changes is there a need to
// look back.
func (c *Case) link(rounds []*Round) {
	var newest few.Map[string, *Round]
	for i := 1; i < len(rounds); i++ {
		r, p := rounds[i], rounds[i-1]
		if p.CallID != r.CallID {
			newest.Put(p.CallID, p)
			if p = newest.Get(r.CallID); p == nil {
				p = c.startsOver(rounds[:i], r)
			}
		}
		if p == nil {
			continue
		}
		if p.Next != nil {
			p.Next.Prev = nil // the old Call-ID goes on: the new one was another matter
		}
		r.Prev, p.Next = p, r
	}
}

// maxBack bounds how far back the round is looked for behind which a device starts over.
const maxBack = 16

// startsOver returns the round that was over when its device began a new Call-ID, nil if there is none.
func (c *Case) startsOver(before []*Round, r *Round) *Round {
	if len(r.Register.Contacts) == 0 {
		return nil
	}
	k, from := &r.Register.Contacts[0], r.Request.First()
	now := DeviceOf(r.Register, k)
	for i := len(before) - 1; i >= max(0, len(before)-maxBack); i-- {
		p := before[i]
		if p.Next != nil || p.Final == nil || p.Done() > r.At() || p.To.Key != r.To.Key || len(p.Register.Contacts) == 0 {
			continue
		}
		o, sent := &p.Register.Contacts[0], p.Request.First()
		if DeviceOf(p.Register, o).Is(now) && o.RegID == k.RegID && identity.Emergency(o.Key) == identity.Emergency(k.Key) &&
			sent.Vias == from.Vias && c.Addr(sent.Src) == c.Addr(from.Src) {
			return p
		}
	}
	return nil
}

// ThirdParty returns the REGISTERs with which the S-CSCF told application servers (TS 24.229 5.4.1.7).
func (c *Case) ThirdParty() []*fact.Exchange {
	m := c.memory()
	if !m.known.others {
		m.known.others = true
		m.others = m.others[:0]
		for _, x := range c.Exchanges {
			if x.Register != nil && x.Register.ThirdParty && x.Request.Seen() {
				m.others = append(m.others, x)
			}
		}
	}
	return m.others
}
