package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "cx-unanswered",
	Title:    "a Cx request gets no answer",
	Severity: problem.Warning,
	Clause:   "see RFC 6733 5.5.4",
	Failures: []string{"F63"},
	Actor:    finding.ActorHSS,
	Seen:     "A UAR, MAR, SAR, LIR, RTR or PPR without its answer, on a link that shows answers otherwise, while no REGISTER fails because of it.",
	Means:    "One side has acted and does not know whether the other has: bindings and assignments may differ from now on.",
	Next:     "Look at the peer and at Diameter agents in between; see whether the request was sent again with the T flag.",
	Example:  "SAR USER_DEREGISTRATION, nothing for 30 s.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, q := range c.Cx {
			if q.Answer.Seen() || !q.Request.Seen() || explains(c, q) {
				continue
			}
			last := q.Request.Last()
			if c.End-last.Time < 2*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{last.Frame}, Detail: q.Name + " from " + c.Label(q.Request.Hops[0].Src) + ", last seen at " + c.Label(last.Dst)}
			if q.Name == "LIR" || carriesOn(c, q) {
				h.Detail += "; what it was for goes on"
				h.Mild, h.HasMild = problem.Info, true
			}
			if h.Doubt = endsBefore(c, last.Time, 10*finding.Second); h.Doubt == "" && !answersSeen(c, q) {
				h.Doubt = "the capture shows no answers on this link"
			}
			report(h)
		}
	},
})

// carriesOn reports whether the REGISTER that a transaction belongs to was answered well behind it, so
// that the answer must have been there.
func carriesOn(c *finding.Case, q *fact.Cx) bool {
	list := before(c.Rounds(), q.FirstFrame())
	for _, r := range list[max(0, len(list)-maxAsked):] {
		if (r.OK() || r.Challenged()) && r.Final.Last().Frame > q.FirstFrame() && identity.SameIMPI(q.UserName, r.Register.IMPI) {
			return true
		}
	}
	return false
}
