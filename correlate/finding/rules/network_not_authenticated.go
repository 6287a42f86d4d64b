package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "network-not-authenticated",
	Title:    "the USIM does not believe the network",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.1.1.5.3",
	Failures: []string{"F62"},
	Actor:    finding.ActorHSS,
	Seen:     "A REGISTER that repeats the nonce of the challenge with an empty response and without auts: the MAC in AUTN is wrong.",
	Means:    "Key or operator code of the subscriber differ between USIM and HSS. The device may try twice more, then it stays away from this network.",
	Next:     "Compare K, OP or OPc and AMF in the HSS with the SIM; look whether the nonce survived the way from the MAA to the device unchanged.",
	Example:  "Authorization: Digest …, nonce=\"I1U8vpY3qJ0…\", response=\"\"",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			p := r.Prev
			if p == nil || !p.Challenged() || !p.Register.Answer.AKA || r.Register.Response || r.Register.AUTS || !r.Register.HasAuth ||
				r.Register.Nonce == 0 || r.Register.Nonce != fact.NonceSum(p.Register.Answer.Nonce) {
				continue
			}
			report(finding.Hit{Frames: []uint32{r.Frame(), p.Final.Hops[0].Frame}, Detail: "empty response to the challenge, no auts"})
		}
	},
})
