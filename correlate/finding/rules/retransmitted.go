package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "retransmitted",
	Title:    "requests are sent again before they are answered",
	Severity: problem.Warning,
	Clause:   "RFC 3261 17.1.2.2",
	Actor:    finding.ActorNetwork,
	Seen:     "A request that was answered in the end, after retransmissions on a hop: 0.5, 1.5, 3.5, 7.5 s (2, 6, 14 s on Gm) after the first.",
	Means:    "Packets get lost or a node is slow. One retransmission is everyday radio; four and more mean seconds without an answer.",
	Next:     "See on which hop it is repeated: the node behind it lost the request, or is slow, or its answer got lost.",
	Example:  "REGISTER on Gm at 0, 0.5 and 1.5 s, 200 at 1.9 s.",
	Needs:    finding.HasRepeat,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		n, most := 0, 0
		var worst *fact.Exchange
		for _, x := range c.Exchanges {
			final := x.Final()
			if final == nil || final.Status == 408 {
				continue // unanswered: other rules
			}
			repeats := 0
			for _, h := range x.Request.Hops {
				if h.Repeat && h.Time < final.Last().Time {
					repeats++
				}
			}
			if repeats > 0 {
				n++
			}
			if repeats > most {
				worst, most = x, repeats
			}
		}
		if worst == nil {
			return
		}
		h := finding.Hit{Detail: fmt.Sprintf("%d requests; the worst one %d times", n, most)}
		for _, hop := range worst.Request.Hops {
			if hop.Repeat && len(h.Frames) < 8 {
				h.Frames = append(h.Frames, hop.Frame)
			}
		}
		if most < 4 {
			h.Mild, h.HasMild = problem.Info, true
		}
		report(h)
	},
})
