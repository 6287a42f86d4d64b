package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "integrity-protected-missing",
	Title:    "the P-CSCF does not tell that the REGISTER came over a security association",
	Severity: problem.Error,
	Clause:   "3GPP TS 24.229 7.2A.2",
	Failures: []string{"F37", "F39"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER with Security-Verify, or in ESP, that goes on to Mw without integrity-protected or with integrity-protected=\"no\".",
	Means:    "The registrar must take it for unprotected: it challenges again, and a de-registration that is challenged is often given up, so the binding stays.",
	Next:     "Look whether the P-CSCF still had the security association of this device (restart, expired lifetime, NAT), and whether it is configured to insert the parameter.",
	Example:  "Gm: REGISTER with Security-Verify; Mw: Authorization: Digest … without integrity-protected; answer 401.",
	Needs:    finding.HasProtection,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var harmless sightings
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			if !ok || !onMw(&r.Request) || !r.Register.HasAuth || !r.Register.SecurityOld && !inESP(c, gm) {
				continue
			}
			said := r.Register.Integrity
			if r.Register.AUTS && !inESP(c, gm) {
				continue // refuses the challenge, and goes without protection (TS 24.229 5.1.1.5.3)
			}
			if said != "" && said != "no" || r.Register.IntegrityAtSource {
				continue
			}
			h := finding.Hit{Frames: []uint32{behind(r), gm.Frame}, Detail: "integrity-protected is missing on Mw"}
			if said == "no" {
				h.Detail = "integrity-protected=\"no\" on Mw"
			}
			switch {
			case r.Status() == 401 || r.Status() == 403:
				h.Detail += "; the registrar answers " + statusLine(r.Final)
			case r.OK():
				h.Detail += "; the registrar accepts it all the same"
				h.Mild, h.HasMild = problem.Info, true
				harmless.see("", h)
				continue
			default:
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
		harmless.report(report)
	},
})
