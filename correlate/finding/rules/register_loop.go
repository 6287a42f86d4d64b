package rules

import (
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-loop",
	Title:    "a REGISTER runs in a circle",
	Severity: problem.Error,
	Clause:   "RFC 3261 16.3",
	Failures: []string{"F72"},
	Actor:    finding.ActorPCSCF,
	Seen:     "482 Loop Detected, 482 Merged Request or 483 Too Many Hops to a REGISTER.",
	Means:    "The device cannot register over this path.",
	Next:     "See which node gets the request a second time. A preloaded Route that names the P-CSCF and is not taken off is the usual cause; so is a Path or Route with two lr parameters.",
	Example:  "REGISTER with Route: <sip:pcscf.home1.net;lr>, 482 Loop Detected.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if s := r.Status(); s != 482 && s != 483 {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: statusLine(r.Final)}
			visits := map[fact.NodeID]int{}
			var way []string
			for _, o := range r.Request.Hops {
				if o.Repeat || o.Copy {
					continue
				}
				if visits[o.Dst]++; visits[o.Dst] == 2 {
					way = append(way, c.Label(o.Dst))
				}
			}
			if len(way) > 0 {
				h.Detail += "; twice at " + strings.Join(way, ", ")
			}
			report(h)
		}
	},
})
