package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "path-missing",
	Title:    "a REGISTER arrives behind the P-CSCF without Path",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.2.2",
	Failures: []string{"F70"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER on Mw, in a network that shows itself as an IMS, that no proxy has given a Path.",
	Means:    "The registrar does not learn over which P-CSCF the device is reached: calls and NOTIFYs to it go to its contact directly and die at the edge.",
	Next:     "Look at the P-CSCF's configuration, and at SBCs between it and the registrar that may take the header out.",
	Example:  "REGISTER P-CSCF → I-CSCF with two Via headers and no Path.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		told := false
		for _, r := range c.Rounds() {
			if told || !onMw(&r.Request) || len(r.Register.Path) > 0 || r.Challenged() || !r.Register.Binds() || !imsCore(c, r) {
				continue
			}
			told = true // it is the P-CSCF's way with all of them
			h := finding.Hit{Frames: []uint32{behind(r), r.Frame()}, Detail: "no Path on any hop"}
			if !r.OK() {
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})

// imsCore reports whether the registrar behind a REGISTER is an S-CSCF: others do without Path.
func imsCore(c *finding.Case, r *finding.Round) bool {
	return r.Register.Visited != "" || r.Register.Integrity != "" || r.Register.Answer.ServiceRoute || c.View.Cx
}
