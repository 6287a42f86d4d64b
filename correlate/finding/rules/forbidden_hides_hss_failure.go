package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "forbidden-hides-hss-failure",
	Title:    "403 although the HSS only failed to answer",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.3.1.3",
	Failures: []string{"F63"},
	Actor:    finding.ActorICSCF,
	Seen:     "403 to a REGISTER, while the Cx transaction within it failed for a technical reason: no answer, 3002 UNABLE_TO_DELIVER, 3004 TOO_BUSY, 5012 UNABLE_TO_COMPLY.",
	Means:    "The device takes 403 for a final word and stays away, for hours or until it is restarted; 480, 500 or 504 would make it try again.",
	Next:     "Mend the way to the HSS, and the mapping of Cx results in the I-CSCF or S-CSCF.",
	Example:  "SAR not answered, 403 Forbidden after 5 s.",
	Needs:    finding.HasCx | finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if removal(r.Register) || r.Status() != 403 || refused(c, r) != refusedHSSFailed {
				continue
			}
			f := hssFailure(c, r)
			report(finding.Hit{Frames: append(cxFrames(f.cx), r.Final.Hops[0].Frame, r.Frame()), Detail: outcome(f.cx) + ", yet " + statusLine(r.Final)})
		}
	},
})
