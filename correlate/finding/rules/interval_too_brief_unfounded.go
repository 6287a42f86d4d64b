package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "interval-too-brief-unfounded",
	Title:    "423 without reason or without Min-Expires",
	Severity: problem.Warning,
	Clause:   "RFC 3261 10.3",
	Failures: []string{"F67"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A 423 that names no Min-Expires, or to a REGISTER that removes contacts, or that asks for an hour or more, or for what Min-Expires allows.",
	Means:    "The device has nothing to go by: it repeats the REGISTER as it is, or stays away. A de-registration that is refused like this never comes through.",
	Next:     "Look which node sent the 423 first, and what it takes for the requested expiry (parameter of the Contact before the Expires header).",
	Example:  "REGISTER with expires=0 → 423 Interval Too Brief.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if r.Status() != 423 {
				continue
			}
			least := r.Register.Answer.MinExpires
			why := ""
			switch {
			case removal(r.Register):
				why = "to a REGISTER that removes a contact"
			case least <= 0:
				why = "no Min-Expires"
			case brief(r, 3600) == 0:
				why = "the REGISTER does not ask for less than an hour"
			case brief(r, least) == 0:
				why = fmt.Sprintf("the REGISTER asks for no less than Min-Expires: %d", least)
			default:
				continue
			}
			report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: why})
		}
	},
})
