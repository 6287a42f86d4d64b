package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding/internal/few"
)

// Round is one REGISTER that the user's device, or the P-CSCF for it, sent, with its neighbours in the
// same Call-ID: a device keeps one for all its REGISTERs to a registrar (RFC 3261 10.2).
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
	link(m.rounds)
	return m.rounds
}

// link makes the rounds of a Call-ID neighbours. Most devices have one: only where it changes is there a need to look
// back.
func link(rounds []*Round) {
	var newest few.Map[string, *Round]
	for i := 1; i < len(rounds); i++ {
		r, p := rounds[i], rounds[i-1]
		if p.CallID != r.CallID {
			newest.Put(p.CallID, p)
			p = newest.Get(r.CallID)
		}
		if p != nil {
			r.Prev, p.Next = p, r
		}
	}
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
