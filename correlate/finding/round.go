package finding

import (
	"imscope/correlate/fact"
)

// Round is one REGISTER that the user's device, or the P-CSCF for it, sent, with its neighbours in the
// same Call-ID: a device keeps one for all its REGISTERs to a registrar (RFC 3261 10.2).
type Round struct {
	*fact.Exchange
	Prev, Next *Round
	Final      *fact.Message // nil while there is none
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
	if c.rounds != nil || len(c.Exchanges) == 0 {
		return c.rounds
	}
	c.rounds = make([]*Round, 0, len(c.Exchanges)/2)
	last := map[string]*Round{}
	for _, x := range c.Exchanges {
		if x.Register == nil || x.Register.ThirdParty || !x.Request.Seen() {
			continue
		}
		r := &Round{Exchange: x, Prev: last[x.CallID], Final: x.Final()}
		if r.Prev != nil {
			r.Prev.Next = r
		}
		last[x.CallID] = r
		c.rounds = append(c.rounds, r)
	}
	return c.rounds
}

// ThirdParty returns the REGISTERs with which the S-CSCF told application servers (TS 24.229 5.4.1.7).
func (c *Case) ThirdParty() []*fact.Exchange {
	if !c.third {
		c.third = true
		for _, x := range c.Exchanges {
			if x.Register != nil && x.Register.ThirdParty && x.Request.Seen() {
				c.others = append(c.others, x)
			}
		}
	}
	return c.others
}
