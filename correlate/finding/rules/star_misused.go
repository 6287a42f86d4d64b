package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "star-misused",
	Title:    "Contact: * with an expiry above 0 or beside other contacts",
	Severity: problem.Error,
	Clause:   "RFC 3261 10.2.2",
	Failures: []string{"F44"},
	Actor:    finding.ActorUE,
	Seen:     "A REGISTER with Contact: * whose Expires is not 0 or absent, or that names further contacts.",
	Means:    "The registrar must answer 400: the device is not de-registered. One that does not check removes everything, or nothing.",
	Next:     "Look at the answer, and at the bindings after it.",
	Example:  "Contact: *, Expires: 3600",
	Needs:    finding.HasStar,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !misusesStar(r.Register) {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: "Expires is not 0"}
			if r.Register.Expires == 0 {
				h.Detail = "further contacts beside *"
			}
			if r.Final != nil {
				h.Frames = append(h.Frames, r.Final.Hops[0].Frame)
				h.Detail += ", answered " + statusLine(r.Final)
			}
			report(h)
		}
	},
})

// misusesStar reports whether a REGISTER has Contact: * otherwise than alone and with Expires: 0.
func misusesStar(r *fact.Register) bool {
	return r.Star && (r.Expires != 0 || len(r.Contacts) > 0)
}
