package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "retry-after-ignored",
	Title:    "the device registers again before Retry-After is over",
	Severity: problem.Warning,
	Clause:   "RFC 3261 20.33",
	Failures: []string{"F48"},
	Actor:    finding.ActorUE,
	Seen:     "A REGISTER to the same node earlier than the Retry-After of its last refusal (500, 503 and the like) allows.",
	Means:    "In an overload such devices keep the core down: each refusal brings the next request.",
	Next:     "See whether the device does it for every refusal, and whether the node refuses for long.",
	Example:  "503 with Retry-After: 120, next REGISTER after 4 s.",
	Needs:    finding.HasRetryAfter,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			wait := r.Register.Answer.RetryAfter
			n := r.Next
			if r.Status() < 400 || wait <= 0 || n == nil {
				continue
			}
			gm, ok := fromPhone(c, r.Exchange)
			next, again := fromPhone(c, n.Exchange)
			if !ok || !again || c.Addr(gm.Dst) != c.Addr(next.Dst) || removal(n.Register) {
				continue // another P-CSCF may be tried at once
			}
			if at, there := atPhone(c, r.Exchange, r.Final); there && n.At() > at.Time && n.At() < at.Time+wait*finding.Second-finding.Second {
				report(finding.Hit{Frames: []uint32{n.Frame(), at.Frame}, Detail: fmt.Sprintf("after %s, Retry-After was %d s", seconds(n.At()-at.Time), wait)})
			}
		}
	},
})
