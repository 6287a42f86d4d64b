package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "security-verify-mismatch",
	Title:    "Security-Verify is not what the P-CSCF had sent as Security-Server",
	Severity: problem.Error,
	Clause:   "RFC 3329 2.3.1",
	Failures: []string{"F57"},
	Actor:    finding.ActorUE,
	Seen:     "The REGISTER that answers a 401 with Security-Server has no Security-Verify or another list in it; or so has a later one in ESP, without a challenge; or the P-CSCF answers 494.",
	Means:    "Either somebody on the way took the better mechanism out of the list, which the header exists to show, or one side has mixed up its lists. The P-CSCF must refuse with 494.",
	Next:     "Compare both lists entry by entry; order, case and q do not count. Look whether the REGISTER answers an older 401.",
	Example:  "Security-Server: …port-s=7531, Security-Verify: …port-s=7533.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var current few.Map[string, uint32] // sum of the agreement in force, by contact address of the phone
		for _, r := range c.Rounds() {
			p := r.Prev
			var asked, said fact.Mechanisms
			if p != nil && p.Challenged() && p.Register.Security != nil {
				asked = p.Register.Security.Server
			} else {
				p = nil
			}
			gm, ok := fromPhone(c, r.Exchange)
			if !ok {
				continue
			}
			var h finding.Hit
			node, first := c.Addr(gm.Src), gm.Frame
			inForce := current.Get(node)
			later := !asked.Seen() && inForce != 0 && inESP(c, gm)
			if !asked.Seen() && !later && r.Status() != 494 && r.Status() != 421 {
				continue
			}
			if r.Register.Security != nil {
				said = r.Register.Security.Verify
			}
			switch {
			case r.Status() == 494 || r.Status() == 421:
				first = r.Final.Last().Frame
				h.Detail = "answered " + statusLine(r.Final)
				if r.Next != nil && (r.Next.OK() || r.Next.Challenged()) {
					h.Detail += ", the device goes on with what it was told"
					h.Mild, h.HasMild = problem.Info, true
				}
			case asked.Seen() && r.Register.HasAuth && !said.Seen() && (r.Register.AUTS || !r.Register.Response):
				// What refuses the challenge sets no association up and goes without (TS 24.229 5.1.1.5.3).
			case asked.Seen() && r.Register.HasAuth && !said.Seen():
				h.Detail = "the answer to the challenge has no Security-Verify"
			case asked.Seen() && said.Seen() && said.Sum != asked.Sum && said.Sum != inForce:
				h.Detail = "Security-Verify differs from Security-Server: " + said.Offers + " against " + asked.Offers
				if said.Offers == asked.Offers {
					h.Detail = "same mechanisms, but other SPIs, ports or modes"
				}
			case later && !said.Seen():
				h.Detail = "a REGISTER over the security association has no Security-Verify"
			case later && said.Sum != inForce:
				h.Detail = "Security-Verify is not that of the security association in use"
			}
			if h.Detail != "" {
				h.Frames = append(h.Frames, first)
				if p != nil {
					h.Frames = append(h.Frames, p.Final.Last().Frame)
				}
				report(h)
			}
			if asked.Seen() && r.OK() {
				current.Put(node, asked.Sum)
			}
		}
	},
})
