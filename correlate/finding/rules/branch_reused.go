package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "branch-reused",
	Title:    "two different REGISTERs with one branch",
	Severity: problem.Warning,
	Clause:   "RFC 3261 8.1.1.7",
	Failures: []string{"F77"},
	Actor:    finding.ActorUE,
	Seen:     "A REGISTER with a new CSeq whose Via has the branch of an earlier one.",
	Means:    "Proxies and SBCs take it for a retransmission and replay the old answer, so the answer to the challenge gets the challenge again.",
	Next:     "See whether the second REGISTER ever leaves the first proxy. The device must make a new branch for each request.",
	Example:  "REGISTER 1 and REGISTER 2, both with branch=z9hG4bK-1, both answered with the same 401.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type transaction struct{ callID, branch string }
		var seen few.Map[transaction, *finding.Round]
		for _, r := range c.Rounds() {
			if len(r.Branch) <= len("z9hG4bK") {
				continue
			}
			key := transaction{r.CallID, r.Branch}
			first := seen.Get(key)
			if first == nil {
				seen.Put(key, r)
				continue
			}
			if first.CSeq == r.CSeq {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame(), first.Frame()}, Detail: fmt.Sprintf("CSeq %d and %d share the branch %s", first.CSeq, r.CSeq, r.Branch)}
			if r.OK() {
				h.Mild, h.HasMild = problem.Info, true
			}
			report(h)
		}
	},
})
