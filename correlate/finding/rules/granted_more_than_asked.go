package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "granted-more-than-asked",
	Title:    "the 200 grants more time than the device asked for",
	Severity: problem.Info,
	Clause:   "see RFC 3261 10.3",
	Failures: []string{"F69"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A 2xx whose expires for the contact is higher than what the REGISTER asked.",
	Means:    "A registrar may shorten, not lengthen. A device that goes by its own request refreshes early and loses nothing; one that goes by the 200 stays registered longer than it wants.",
	Next:     "See whether the P-CSCF goes by the request or by the grant: its timers must not run out first.",
	Example:  "REGISTER with expires=600, 200 with expires=3600.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, g := range c.Grants() {
			if g.Asked != fact.Absent && g.Seconds > g.Asked {
				report(finding.Hit{Frames: []uint32{g.Round.Final.Hops[0].Frame, g.Round.Frame()}, Detail: fmt.Sprintf("asked %d s, granted %d s", g.Asked, g.Seconds)})
				return
			}
		}
	},
})
