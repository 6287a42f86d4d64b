package rules

import (
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "security-algorithm-not-offered",
	Title:    "the P-CSCF chooses algorithms that the device did not offer",
	Severity: problem.Error,
	Clause:   "RFC 3329 2.3.1",
	Failures: []string{"F56"},
	Actor:    finding.ActorPCSCF,
	Seen:     "Security-Server lists ipsec-3gpp, but no pair of integrity and encryption algorithm that stands in Security-Client.",
	Means:    "The two sides build different security associations or none: every ESP packet fails its check and the registration ends in silence.",
	Next:     "Compare alg and ealg of both lists; an absent ealg means null. Look at the order of preference in the P-CSCF.",
	Example:  "Security-Client with alg=hmac-sha-1-96;ealg=aes-cbc, Security-Server with alg=hmac-md5-96;ealg=des-ede3-cbc.",
	Needs:    finding.HasAgreement,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		ipsec := func(offers string) []string {
			return slices.DeleteFunc(strings.Fields(offers), func(o string) bool { return !strings.HasPrefix(o, "ipsec-3gpp") })
		}
		for _, r := range c.Rounds() {
			s := r.Register.Security
			if s == nil || !r.Challenged() || !s.Server.Seen() {
				continue
			}
			client, server := ipsec(s.Client.Offers), ipsec(s.Server.Offers)
			if len(client) == 0 || len(server) == 0 || slices.ContainsFunc(server, func(o string) bool { return slices.Contains(client, o) }) {
				continue
			}
			report(finding.Hit{Frames: []uint32{r.Final.Last().Frame, r.Frame()},
				Detail: "offered " + strings.Join(client, ", ") + "; chosen " + strings.Join(server, ", ")})
		}
	},
})
