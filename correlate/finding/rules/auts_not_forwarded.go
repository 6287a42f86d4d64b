package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "auts-not-forwarded",
	Title:    "the S-CSCF does not pass the resynchronisation on to the HSS",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 29.228 6.3",
	Failures: []string{"F52"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A REGISTER with auts that is answered with a new challenge, while the MAR in between has no SIP-Authorization, or there is no MAR at all.",
	Means:    "The HSS never learns the device's sequence number, so the next vectors are rejected as well: the user cannot register until the numbers meet by chance.",
	Next:     "Look whether the S-CSCF keeps old vectors after a resynchronisation, and whether the auts parameter still reaches it on Mw.",
	Example:  "REGISTER with auts, then MAR without SIP-Auth-Data-Item/SIP-Authorization, then 401.",
	Needs:    finding.HasCx | finding.HasResync,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		isMAR := func(q *fact.Cx) bool { return q.Name == "MAR" }
		if !slices.ContainsFunc(c.Cx, isMAR) {
			return // the capture does not show the S-CSCF's Cx
		}
		for _, r := range c.Rounds() {
			if !r.Register.AUTS || !r.Challenged() {
				continue
			}
			list := asked(nil, c, r)
			if slices.ContainsFunc(list, func(q *fact.Cx) bool { return isMAR(q) && q.Resync }) {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: "no MAR before the next challenge", Doubt: lost(c)}
			if i := slices.IndexFunc(list, isMAR); i >= 0 {
				h.Detail, h.Doubt = "the MAR has no SIP-Authorization", ""
				h.Frames = []uint32{list[i].Request.Hops[0].Frame, r.Frame()}
			}
			report(h)
		}
	},
})
