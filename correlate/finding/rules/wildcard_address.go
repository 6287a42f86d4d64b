package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "wildcard-address",
	Title:    "the capture names 0.0.0.0 or :: as an endpoint",
	Severity: problem.Warning,
	Clause:   "RFC 1122 3.2.1.3",
	Failures: []string{"F80"},
	Actor:    finding.ActorCapture,
	Seen:     "A message from or to the unspecified address. A capture agent reports the address that its socket is bound to instead of the one that the packet has.",
	Means:    "Hops cannot be told apart or put in order: roles, per-hop times and «last seen at» are not to be trusted here.",
	Next:     "Make the agent (HEP) report real addresses, or bind the server to one.",
	Example:  "0.0.0.0:5060 → 10.0.0.7:5060",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var fine [4]fact.NodeID // the last ones that have an address: a user meets a few, again and again
		n := 0
		named := func(id fact.NodeID) bool {
			if id == fine[0] || id == fine[1] || id == fine[2] || id == fine[3] {
				return true
			}
			if a := c.Addr(id); a == "0.0.0.0" || a == "::" {
				return false
			}
			fine[n%len(fine)] = id
			n++
			return true
		}
		wild := func(m *fact.Message) (uint32, bool) {
			for i := range m.Hops {
				if h := &m.Hops[i]; !named(h.Src) || !named(h.Dst) {
					return h.Frame, true
				}
			}
			return 0, false
		}
		for _, x := range c.Exchanges {
			f, ok := wild(&x.Request)
			for i := 0; i < len(x.Responses) && !ok; i++ {
				f, ok = wild(&x.Responses[i])
			}
			if ok {
				report(finding.Hit{Frames: []uint32{f}, Detail: "first in this frame"})
				return
			}
		}
	},
})
