package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "challenge-loop",
	Title:    "the registrar challenges again and again",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.4.1.2.3",
	Failures: []string{"F51"},
	Actor:    finding.ActorSCSCF,
	Seen:     "At least two REGISTERs in a row that answer a challenge and are challenged once more, without AUTS and without stale=true.",
	Means:    "The S-CSCF never accepts a response, or its challenges come from another state than its checks: the user cannot register and each try costs the HSS a vector.",
	Next:     "Compare RES of the MAA with the response (wrong K or OPc gives other failures, wrong algorithm this one); look whether the REGISTERs reach the same S-CSCF and whether integrity-protected is right.",
	Example:  "REGISTER 2 → 401 → REGISTER 3 → 401 → REGISTER 4 → 401, each with a response.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		again := func(r *finding.Round) bool {
			return r != nil && r.Prev != nil && r.Prev.Challenged() && r.Challenged() && r.Register.Response && !r.Register.AUTS && !r.Register.Answer.Stale
		}
		for _, r := range c.Rounds() {
			if !again(r) || again(r.Prev) {
				continue
			}
			n, end := 0, r
			var frames []uint32
			for ; again(end); end = end.Next {
				n++
				if len(frames) < 8 {
					frames = append(frames, end.Final.Hops[0].Frame)
				}
			}
			if n < 2 {
				continue
			}
			h := finding.Hit{Frames: frames, Detail: fmt.Sprintf("%d responses to challenges were answered with another challenge", n)}
			if end != nil && end.OK() {
				h.Detail += fmt.Sprintf(", then accepted in frame %d", end.Final.Hops[0].Frame)
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})
