package rules

import (
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "security-server-missing",
	Title:    "401 without Security-Server although the device asked for a security agreement",
	Severity: problem.Error,
	Clause:   "RFC 3329 2.3.1",
	Failures: []string{"F54"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER with Security-Client: ipsec-3gpp whose 401 on Gm has no Security-Server. A warning where the device registers all the same.",
	Means:    "The device gets no SPIs and ports of the P-CSCF, so no security association comes up. Most devices stop here; others go on unprotected.",
	Next:     "Look into the P-CSCF's log for failed allocations of SPIs, ports or kernel policies (a stale one fails with EEXIST and makes itself permanent); count how many devices have it.",
	Example:  "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;… in the REGISTER, WWW-Authenticate alone in the 401.",
	Needs:    finding.HasAgreement,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			at, gm, ok := unsecured(c, r)
			if !ok {
				continue
			}
			h := finding.Hit{Frames: []uint32{at.Frame, gm.Frame}, Detail: "offered: " + r.Register.Security.Client.Offers}
			if r.Next != nil && r.Next.OK() {
				h.Detail += "; the device goes on unprotected"
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})

// unsecured reports whether a device that offers a security agreement got a challenge without one, with the hops of its
// answer and its request on Gm.
func unsecured(c *finding.Case, r *finding.Round) (at, gm fact.Hop, ok bool) {
	s := r.Register.Security
	if s == nil || r.Status() != 401 || s.Server.Seen() || !strings.Contains(s.Client.Offers, "ipsec-3gpp") {
		return at, gm, false
	}
	if gm, ok = fromPhone(c, r.Exchange); ok {
		at, ok = atPhone(c, r.Exchange, r.Final)
	}
	return at, gm, ok
}
