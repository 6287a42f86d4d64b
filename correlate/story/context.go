package story

import "imscope/correlate/fact"

// Input is what the capture holds of one user, in the order of first frames.
type Input struct {
	Exchanges []*fact.Exchange // REGISTER, third-party REGISTER, SUBSCRIBE and NOTIFY of the reg package
	Cx        []*fact.Cx
	Strays    []*fact.Exchange // calls and messages of a device that the network had de-registered, and those to the user that failed; a few
	Truncated int              // facts of this user that were dropped at a cap
}

// Context is what the capture as a whole knows.
type Context struct {
	Role func(fact.NodeID) fact.Role
	Addr func(fact.NodeID) string // address without port, "" if unknown
	Path func(uint32) string      // name of an encapsulation
	// Forwards reports whether the capture shows a node sending on REGISTERs: what is not seen behind
	// it did not get there.
	Forwards func(fact.NodeID) bool
	// Rx gives the last request for a phone's address between two moments that the PCRF refused or did not answer; nil if
	// there is none.
	Rx    func(phone string, from, to int64) *fact.Rx
	End   int64  // time of the capture's last packet, as far as this user was in view
	Start int64  // time of its first packet
	Spans []Span // when packets were captured, in order; none: from Start to End
}

// Span is a time during which packets were captured, ns.
type Span struct{ From, To int64 }

// covers reports whether packets were captured all the time between two moments: silence proves
// something only there.
func (c *Context) covers(from, to int64) bool {
	for _, s := range c.Spans {
		if s.From <= from && to <= s.To {
			return true
		}
	}
	return len(c.Spans) == 0 && to <= c.End
}

// Until gives the context of a user whose newest fact is of this time: of what comes after the span
// that it lies in, nothing is known.
func (c *Context) Until(last int64) *Context {
	for _, s := range c.Spans {
		if s.From <= last && last <= s.To && s.To < c.End {
			out := *c
			out.End = s.To
			return &out
		}
	}
	return c
}
