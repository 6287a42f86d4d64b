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
	Seen:     "At least two REGISTERs that answer a challenge and are challenged once more, without AUTS and without stale=true, and none that is accepted in between: in a row, or each time that the device starts over.",
	Means:    "The S-CSCF never accepts a response, or its challenges come from another state than its checks: the user cannot register and each try costs the HSS a vector.",
	Next:     "Compare RES of the MAA with the response (wrong K or OPc gives other failures, wrong algorithm this one); look whether the REGISTERs reach the same S-CSCF and whether integrity-protected is right.",
	Example:  "REGISTER 2 → 401 → REGISTER 3 → 401 → REGISTER 4 → 401, each with a response.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !r.Challenged() || r.Prev != nil && r.Prev.Challenged() {
				continue
			}
			n, end := 0, r
			var frames []uint32
			for ; end != nil && end.Challenged(); end = end.Next {
				if !repelled(end) {
					continue // the device starts over
				}
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

// repelled reports whether a REGISTER answers a challenge and is challenged once more.
func repelled(r *finding.Round) bool {
	return r.Challenged() && r.Prev != nil && r.Prev.Challenged() && r.Register.Response && !r.Register.AUTS && !r.Register.Answer.Stale
}

// loops reports whether a REGISTER is one of at least two of a loop.
func loops(r *finding.Round) bool {
	return repelled(r) && (repelledBeyond(r, func(r *finding.Round) *finding.Round { return r.Prev }) ||
		repelledBeyond(r, func(r *finding.Round) *finding.Round { return r.Next }))
}

// repelledBeyond reports whether there is another such REGISTER in one direction, with nothing but challenges in between.
func repelledBeyond(r *finding.Round, step func(*finding.Round) *finding.Round) bool {
	r = step(r)
	for i := 0; r != nil && r.Challenged() && i < maxAsked; i++ {
		if repelled(r) {
			return true
		}
		r = step(r)
	}
	return false
}
