package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-unanswered",
	Title:    "a REGISTER gets no final response",
	Severity: problem.Error,
	Clause:   "RFC 3261 17.1.2.2",
	Failures: []string{"F60"},
	Actor:    finding.ActorNetwork,
	Seen:     "A REGISTER for which the capture holds no final response on any hop, or only a 408 that a proxy made.",
	Means:    "The device runs into Timer F (32 s, 128 s on Gm) and is not registered, or its refresh is lost. The last node that the request reached is the one to look at.",
	Next:     "Look at the node where it was last seen, and at its next hop: DNS, routing, an HSS that does not answer.",
	Example:  "REGISTER UE → P-CSCF → I-CSCF, then nothing.",
	Needs:    finding.HasUnanswered,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		mw := false
		answers := false
		for _, r := range c.Rounds() {
			mw = mw || onMw(&r.Request)
			answers = answers || len(r.Responses) > 0
		}
		for _, r := range c.Rounds() {
			if r.Final != nil && r.Status() != 408 || circles(r) != nil {
				continue
			}
			if _, gm := fromPhone(c, r.Exchange); gm && mw && !onMw(&r.Request) && len(r.Responses) == 0 {
				continue // it ended at the P-CSCF: a rule of its own
			}
			last := r.Request.Last()
			gone := c.End - last.Time
			if r.Final == nil && gone < 2*finding.Second {
				continue // it may be on its way
			}
			h := finding.Hit{Frames: []uint32{last.Frame}, Detail: fmt.Sprintf("last seen at %s, %d retransmissions", c.Label(last.Dst), r.Request.Repeats())}
			switch {
			case r.Final != nil:
				h.Frames = append(h.Frames, r.Final.Hops[0].Frame)
				h.Detail += ", then 408 from " + c.Label(r.Final.Hops[0].Src)
				h.Doubt = lost(c)
			case r.Request.Repeats() >= 3:
				h.Doubt = lost(c) // the device would not repeat it that often with an answer
			case !answers:
				h.Doubt = "the capture holds no response to any REGISTER of this user: it may show one direction only"
				h.Mild, h.HasMild = problem.Info, true
			default:
				h.Doubt = endsBefore(c, r.At(), timerFCore)
			}
			if why := unrepeated(c, &r.Request); why != "" && r.Final == nil {
				h.Doubt = why
				h.Mild, h.HasMild = problem.Warning, true
			}
			if h.Frames[0] != r.Frame() {
				h.Frames = append(h.Frames, r.Frame())
			}
			if removal(r.Register) && !h.HasMild {
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})
