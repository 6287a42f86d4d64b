package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "registration-failed-at-hss",
	Title:    "a registration fails because the HSS gives no answer",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.3.1.3",
	Failures: []string{"F63", "F66"},
	Actor:    finding.ActorHSS,
	Seen:     "480, 500, 503, 504 or another error but 403 to a REGISTER, while the Cx transaction within it failed for a technical reason or was not answered.",
	Means:    "The user cannot register as long as the HSS, or the Diameter way to it, is down.",
	Next:     "Look at the Diameter peers of the CSCF (watchdog, routing agent) and at the result code; count the users who have it.",
	Example:  "UAA 3004 DIAMETER_TOO_BUSY, 504 Server Time-out.",
	Needs:    finding.HasCx | finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if removal(r.Register) || r.Status() == 403 || r.Status() == 408 || refused(c, r) != refusedHSSFailed {
				continue
			}
			f := hssFailure(c, r)
			h := finding.Hit{Frames: append(cxFrames(f.cx), r.Final.Hops[0].Frame, r.Frame()), Detail: outcome(f.cx) + ", so " + statusLine(r.Final)}
			if recovers(r) {
				h.Detail += ", accepted at the next try"
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})
