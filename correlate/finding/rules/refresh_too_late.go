package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "refresh-too-late",
	Title:    "a registration is refreshed too late",
	Severity: problem.Warning,
	Clause:   "3GPP TS 24.229 5.1.1.4.1",
	Failures: []string{"F50", "F68"},
	Actor:    finding.ActorUE,
	Seen:     "A refresh later than 600 s before the end of the granted time, or than half of it where that is 1200 s or less. A warning when the time had already run out.",
	Means:    "Between the end and the refresh the user was not reachable. A refresh that is late but in time has no reserve for a lost packet.",
	Next:     "Compare the expires that the device got on Gm with the one on Mw and with its own request; some go by what they asked for.",
	Example:  "200 with expires=3600, next REGISTER after 3700 s.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var last few.Map[string, *finding.Grant] // by contact
		for _, r := range c.Rounds() {
			for i := range r.Register.Contacts {
				k := &r.Register.Contacts[i]
				g := last.Get(k.Key)
				if g == nil || r.CallID != g.Round.CallID || r.Register.EffectiveExpires(*k) == 0 || r.Prev != nil && !r.Prev.OK() {
					continue // not a refresh, or the further rounds of one
				}
				slack := max(5*finding.Second, g.Seconds*finding.Second/20)
				late := r.At() - g.RefreshDue()
				if late < slack {
					continue
				}
				h := finding.Hit{Frames: []uint32{r.Frame(), g.Round.Final.Hops[0].Frame}, Doubt: lost(c)}
				if over := r.At() - g.Until; over > 0 {
					h.Detail = seconds(over) + " after the granted time was over"
				} else {
					h.Detail = seconds(-over) + " before the end of the granted time"
					h.Mild, h.HasMild = problem.Info, true
				}
				report(h)
			}
			if r.OK() {
				got := c.GrantsOf(r)
				for i := range got {
					last.Put(got[i].Contact.Key, &got[i])
				}
				if r.Register.Star || removal(r.Register) {
					last.Clear()
				}
			}
		}
	},
})
