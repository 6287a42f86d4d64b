package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "network-dereg-unprotected",
	Title:    "the P-CSCF de-registers a device without saying that it may",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.4.1.2.2",
	Failures: []string{"F39"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER with expires=0 that the P-CSCF made itself has no integrity-protected, or \"no\"; the registrar answers 401 or 403 and nobody tries again.",
	Means:    "The P-CSCF cannot answer a challenge. It has dropped the device, while S-CSCF, application servers and charging go on as if it were there.",
	Next:     "Make the P-CSCF set integrity-protected (ip-assoc-yes or the value of the registration) in such REGISTERs.",
	Example:  "P-CSCF → S-CSCF: REGISTER expires=0 without integrity-protected → 401.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if unprotected(c, r) {
				report(finding.Hit{Frames: []uint32{r.Frame(), r.Final.Hops[0].Frame}, Detail: "no integrity-protected, answered " + statusLine(r.Final)})
			}
		}
	},
})

// unprotected reports whether a removal that the P-CSCF made itself was refused for want of integrity-protected.
func unprotected(c *finding.Case, r *finding.Round) bool {
	if r.Status() != 401 && r.Status() != 403 || !byProxy(c, r.Exchange) || !removal(r.Register) {
		return false
	}
	said := r.Register.Integrity
	return (said == "" || said == "no") && (r.Next == nil || !r.Next.OK())
}
