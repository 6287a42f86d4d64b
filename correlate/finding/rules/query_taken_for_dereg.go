package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "query-taken-for-dereg",
	Title:    "a query for bindings is passed on as a de-registration",
	Severity: problem.Error,
	Clause:   "RFC 3261 10.2.3",
	Failures: []string{"F45"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A REGISTER without Contact, which only asks for the bindings, and within two seconds a third-party REGISTER with Expires: 0 although nothing else ended the registration.",
	Means:    "Application servers hold the user for gone: services and calls stop, while the device is registered.",
	Next:     "Make the S-CSCF pass on only what changes a registration.",
	Example:  "REGISTER without Contact → 200; REGISTER S-CSCF → AS with Expires: 0.",
	Needs:    finding.HasThirdParty,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, x := range c.ThirdParty() {
			if x.Register.Expires != 0 {
				continue
			}
			var query *finding.Round
			asked := false
			for _, r := range slices.Backward(before(c.Rounds(), x.FirstFrame())) {
				if x.FirstTime()-r.At() > 2*finding.Second {
					break
				}
				asked = asked || r.Register.Removes()
				if query == nil && len(r.Register.Contacts) == 0 && !r.Register.Star && registeredTogether(c, r.To.Key, x.To.Key) {
					query = r
				}
			}
			if query == nil || asked || endedBetween(c, x.FirstTime()-timerFCore, x.FirstTime()) ||
				slices.ContainsFunc(c.Cx, func(q *fact.Cx) bool { return q.Name == "RTR" && within(q.FirstTime(), x.FirstTime(), timerFCore) }) {
				continue
			}
			report(finding.Hit{Frames: []uint32{x.FirstFrame(), query.Frame()}, Detail: "third-party REGISTER with Expires: 0 for " + x.To.Raw})
		}
	},
})
