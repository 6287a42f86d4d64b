package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "registered-after-permanent-termination",
	Title:    "the user is registered again after the HSS had ended the subscription",
	Severity: problem.Info,
	Clause:   "see 3GPP TS 24.229 5.4.1.5",
	Failures: []string{"C.4"},
	Actor:    finding.ActorHSS,
	Seen:     "RTR with PERMANENT_TERMINATION, and within an hour a REGISTER of the user is accepted.",
	Means:    "Either the termination was not as permanent as it says (an operator's way to move a user), or the HSS still authorises a subscriber who should be barred.",
	Next:     "Look at the subscription in the HSS, and at the event that the device was told: rejected asks it to stay away, deactivated to come back.",
	Example:  "RTR PERMANENT_TERMINATION at 10:00:00, REGISTER → 401 → REGISTER → 200 at 10:00:03.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		rounds := c.Rounds()
		for _, q := range c.Cx {
			if q.Name != "RTR" || q.ReasonCode != diameter.ReasonPermanentTermination || !q.Succeeded() {
				continue
			}
			for _, r := range rounds[len(before(rounds, q.Answer.Hops[0].Frame)):] {
				if r.At()-q.FirstTime() > 3600*finding.Second {
					break
				}
				if r.OK() && r.Register.Binds() && identity.SameIMPI(r.Register.IMPI, q.UserName) {
					report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, q.FirstFrame()}, Detail: "accepted " + seconds(r.Done()-q.FirstTime()) + " after the RTR"})
					break
				}
			}
		}
	},
})
