package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "keys-leaked",
	Title:    "the P-CSCF passes the keys of the security associations on to the device",
	Severity: problem.Error,
	Clause:   "3GPP TS 24.229 7.2A.1",
	Failures: []string{"F55"},
	Actor:    finding.ActorPCSCF,
	Seen:     "ck or ik in the WWW-Authenticate of a 401 on Gm. On Mw they belong there.",
	Means:    "Whoever hears the unprotected 401 can read and forge this device's signalling. Some devices stop registering when they see the parameters.",
	Next:     "Make the P-CSCF remove ck and ik from the challenge before it goes to the device.",
	Example:  "WWW-Authenticate: Digest …, ik=\"f769bcd7…\", ck=\"b40ba9a3…\" on Gm.",
	Needs:    finding.HasLeak,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !r.Register.Answer.KeysOnGm || !r.Challenged() {
				continue
			}
			if _, ok := fromPhone(c, r.Exchange); !ok {
				continue
			}
			if h, ok := atPhone(c, r.Exchange, r.Final); ok {
				report(finding.Hit{Frames: []uint32{h.Frame}, Detail: "ck or ik in the 401 to " + c.Label(h.Dst)})
			}
		}
	},
})
