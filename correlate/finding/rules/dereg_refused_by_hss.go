package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "dereg-refused-by-hss",
	Title:    "a de-registration fails because of the HSS",
	Severity: problem.Warning,
	Clause:   "3GPP TS 29.228 6.1.1",
	Failures: []string{"F38"},
	Actor:    finding.ActorHSS,
	Seen:     "A REGISTER that removes contacts is refused, and the Cx transaction within it failed: UAA 5003 IDENTITY_NOT_REGISTERED for User-Authorization-Type DE_REGISTRATION is the classic.",
	Means:    "HSS and S-CSCF do not agree on whether the user is registered. The S-CSCF keeps bindings for a user that the HSS holds for gone.",
	Next:     "Look for what made the HSS forget: a de-registration SAR before, an administrative change, a switch of the HSS. Check the bindings in the S-CSCF.",
	Example:  "UAR DE_REGISTRATION, UAA 5003, 480 to the device.",
	Needs:    finding.HasCx | finding.HasRejection,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			x, final := refusedRemoval(d)
			if x == nil {
				continue
			}
			f := deregFailure(c, x)
			if f == nil {
				continue
			}
			report(finding.Hit{Frames: append(cxFrames(f.cx), final.Hops[0].Frame, x.FirstFrame()), Detail: outcome(f.cx) + ", so " + statusLine(final)})
		}
	},
})
