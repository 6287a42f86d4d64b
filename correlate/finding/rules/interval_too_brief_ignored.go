package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "interval-too-brief-ignored",
	Title:    "the device does not take the minimum expiry over from a 423",
	Severity: problem.Warning,
	Clause:   "RFC 3261 10.2.8",
	Failures: []string{"F67"},
	Actor:    finding.ActorUE,
	Seen:     "423 with Min-Expires, and the next REGISTER of the same Call-ID asks for less again.",
	Means:    "The device never gets registered, and keeps asking.",
	Next:     "Look whether the device changes the Expires header but not the expires parameter of its Contact, which has precedence.",
	Example:  "423 with Min-Expires: 3600, then REGISTER with expires=600.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			least := r.Register.Answer.MinExpires
			if r.Status() != 423 || least <= 0 || brief(r.Next, least) == 0 {
				continue
			}
			if p := r.Prev; p != nil && p.Status() == 423 && brief(r, p.Register.Answer.MinExpires) != 0 {
				continue // told with the first one
			}
			h := finding.Hit{Frames: []uint32{r.Next.Frame(), r.Final.Hops[0].Frame}}
			n := 0
			for o := r; o != nil && o.Status() == 423 && brief(o.Next, o.Register.Answer.MinExpires) != 0; o = o.Next {
				n++
			}
			h.Detail = fmt.Sprintf("asks for %d s, the minimum is %d s; %d times", brief(r.Next, least), least, n)
			report(h)
		}
	},
})

// brief returns the expiry that a REGISTER asks for if it is above 0 and below a minimum, else 0.
func brief(r *finding.Round, least int64) int64 {
	if r == nil {
		return 0
	}
	for _, k := range r.Register.Contacts {
		if e := r.Register.EffectiveExpires(k); e > 0 && e < least {
			return e
		}
	}
	return 0
}
