package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "refused-by-hss",
	Title:    "the HSS does not let the user register",
	Severity: problem.Error,
	Clause:   "3GPP TS 29.228 6.1.1",
	Failures: []string{"F64"},
	Actor:    finding.ActorHSS,
	Seen:     "A REGISTER fails, and the UAA, MAA or SAA within it carries a decision of the HSS: 5001 user unknown, 5002 identities do not match, 5004 roaming not allowed, 5006 scheme not supported.",
	Means:    "The subscription is missing or wrong in the HSS, or the visited network is not allowed. The SIP answer alone (mostly 403) does not tell which.",
	Next:     "5001: provision the private identity. 5002: it has another public identity. 5004: allowed visited networks. 5006: authentication scheme of the subscriber.",
	Example:  "UAA 5001 DIAMETER_ERROR_USER_UNKNOWN, 403 Forbidden.",
	Needs:    finding.HasCx | finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if removal(r.Register) || refused(c, r) != refusedByHSS {
				continue
			}
			f := hssFailure(c, r)
			report(finding.Hit{Frames: append(cxFrames(f.cx), r.Final.Hops[0].Frame, r.Frame()), Detail: outcome(f.cx) + ", so " + statusLine(r.Final)})
		}
	},
})
