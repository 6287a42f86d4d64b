package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "challenge-repeated",
	Title:    "a challenge is used a second time after it was answered",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 33.203 6.1.1",
	Failures: []string{"F51", "F52"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A 401 for Digest AKA with a nonce (RAND and AUTN) that an earlier 401 had and that the device has answered since.",
	Means:    "The S-CSCF keeps a used vector. A USIM that follows the book sees an old sequence number and asks for resynchronisation; others go on, with old keys on Gm.",
	Next:     "Look whether the S-CSCF or an SBC replays an old 401, and whether the HSS hands out the same vector twice (SIP-Authenticate in the MAAs).",
	Example:  "401 with nonce=\"I1U8vpY3qJ0…\" to REGISTER 1 and again to REGISTER 3.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var given few.Map[string, *finding.Round] // by nonce
		var answered few.Map[uint32, bool]        // NonceSum of what the device answered
		for _, r := range c.Rounds() {
			if r.Register.Nonce != 0 && (r.Register.Response || r.Register.AUTS) {
				answered.Put(r.Register.Nonce, true)
			}
			n := r.Register.Answer.Nonce
			if !r.Challenged() || !r.Register.Answer.AKA || n == "" {
				continue
			}
			first := given.Get(n)
			if first == nil {
				given.Put(n, r)
				continue
			}
			if answered.Get(fact.NonceSum(n)) {
				report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, first.Final.Hops[0].Frame},
					Detail: fmt.Sprintf("same nonce as in frame %d", first.Final.Hops[0].Frame)})
			}
		}
	},
})
