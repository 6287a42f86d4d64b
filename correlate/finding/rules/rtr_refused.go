package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "rtr-refused",
	Title:    "the S-CSCF does not carry out what the HSS orders",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 29.228 6.1.3",
	Failures: []string{"C.4"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A Registration-Termination-Answer with an error.",
	Means:    "The HSS holds the user for gone (or for served elsewhere), the S-CSCF does not: the device stays registered where it should not be, or the S-CSCF had forgotten it before.",
	Next:     "Compare the identities of the RTR with what is bound. 5002: they do not belong together for the S-CSCF. 5001: the S-CSCF does not know the user.",
	Example:  "RTR SERVER_CHANGE, RTA 5012 DIAMETER_UNABLE_TO_COMPLY.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, q := range c.Cx {
			if q.Name == "RTR" && q.Answer.Seen() && !q.Succeeded() {
				report(finding.Hit{Frames: cxFrames(q), Detail: outcome(q)})
			}
		}
	},
})
