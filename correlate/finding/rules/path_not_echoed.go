package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "path-not-echoed",
	Title:    "the registrar does not confirm the Path",
	Severity: problem.Warning,
	Clause:   "see RFC 3327 5.3",
	Failures: []string{"F70"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The REGISTER reached the registrar with Path, the 2xx on its first hop has none.",
	Means:    "The registrar may not have stored the Path, and then does not find the way back to the device over its P-CSCF.",
	Next:     "Look at the next request to the device: its Route must be the Path.",
	Example:  "REGISTER with Path: <sip:term@pcscf.home1.net;lr>, 200 OK without Path.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !r.OK() || len(r.Register.Path) == 0 || r.Register.Answer.Path || removal(r.Register) || r.Final.Hops[0].Vias < 2 {
				continue
			}
			report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, behind(r)}, Detail: "Path: " + r.Register.Path[0]})
			return // it is the registrar's way with all of them
		}
	},
})
