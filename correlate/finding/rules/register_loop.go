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
	Seen:     "482 Loop Detected, 482 Merged Request or 483 Too Many Hops to a REGISTER; or it goes from one node to another for the third time and is not accepted.",
	Means:    "The device cannot register over this path.",
	Next:     "See which node gets the request a second time. A preloaded Route that names the P-CSCF and is not taken off is the usual cause; so is a Path or Route with two lr parameters.",
	Example:  "REGISTER with Route: <sip:pcscf.home1.net;lr>, 482 Loop Detected.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			turn := circles(r)
			if s := r.Status(); s != 482 && s != 483 && turn == nil {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: "no answer"}
			if r.Final != nil {
				h.Frames = []uint32{r.Final.Hops[0].Frame, r.Frame()}
				h.Detail = statusLine(r.Final)
			}
			if turn != nil {
				h.Frames = append(h.Frames, turn.Frame)
				h.Detail += "; goes round from " + c.Label(turn.Src) + " to " + c.Label(turn.Dst)
			}
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

// circles returns the hop on which a REGISTER that was not accepted passed a link for the third time, nil if it did not:
// a request may come to a node twice for good reasons.
func circles(r *finding.Round) *fact.Hop {
	hops := r.Request.Hops
	if r.OK() || len(hops) < 5 {
		return nil
	}
	for i := range hops {
		h, turns := &hops[i], 0
		if h.Repeat || h.Copy {
			continue
		}
		for j := range hops[:i+1] {
			if o := &hops[j]; !o.Repeat && !o.Copy && o.Src == h.Src && o.Dst == h.Dst && (j == i || o.Vias < h.Vias) {
				turns++
			}
		}
		if turns == 3 {
			return h
		}
	}
	return nil
}
