package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-challenge-after-rtr",
	Title:    "a registration is accepted without a challenge after the HSS had ended it",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.5",
	Failures: []string{"F75"},
	Actor:    finding.ActorSCSCF,
	Seen:     "An RTR ends an identity; the next REGISTER that binds it gets 2xx, and no 401 lies in between.",
	Means:    "The S-CSCF still goes by the old authentication: somebody whom the HSS has just put out is back without proof.",
	Next:     "See whether the S-CSCF drops its vectors and bindings with every RTR, the second one included; look at integrity-protected.",
	Example:  "RTR, RTA, REGISTER → 200 OK.",
	Needs:    finding.HasTrigger,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Trigger == nil || d.Trigger.Name != "RTR" || !d.Successful() || !d.Trigger.Answer.Seen() {
				continue
			}
			done := d.Trigger.Answer.Hops[0]
			ended := gone(d)
			rounds := c.Rounds()
			for _, r := range rounds[len(before(rounds, done.Frame)):] {
				if r.Challenged() {
					break // as it should be
				}
				if !r.OK() || !r.Register.Binds() || !slices.Contains(ended, r.To.Key) {
					continue
				}
				if said := r.Register.Integrity; said != "auth-done" && said != "tls-yes" {
					report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame(), d.TriggerFrame}, Detail: statusLine(r.Final) + " without a challenge since the RTR", Doubt: lost(c)})
				}
				break
			}
		}
	},
})
