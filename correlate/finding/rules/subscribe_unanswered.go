package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-unanswered",
	Title:    "a SUBSCRIBE to the registration state gets no final response",
	Severity: problem.Warning,
	Clause:   "RFC 3261 17.1.2.2",
	Actor:    finding.ActorNetwork,
	Seen:     "A SUBSCRIBE for the reg event package for which the capture holds no final response, or only a 408 that a proxy made.",
	Means:    "The watcher will not be told when the network ends the registration.",
	Next:     "Look at the node where it was last seen: its next hop, and the Route that the SUBSCRIBE carries (Service-Route of the 200 to the REGISTER).",
	Example:  "SUBSCRIBE P-CSCF → S-CSCF, eleven times, no answer.",
	Needs:    finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		answers := false
		for _, x := range c.Exchanges {
			answers = answers || x.Subscribe != nil && len(x.Responses) > 0
		}
		for _, x := range c.Exchanges {
			final := x.Final()
			if x.Subscribe == nil || !x.Request.Seen() || final != nil && final.Status != 408 {
				continue
			}
			// Where a NOTIFY follows, the answer got lost on its way or in the capture.
			first, last := x.Request.Hops[0], x.Request.Last()
			if x.Subscribe.Event == "" || final == nil && c.End-last.Time < 2*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{last.Frame}, Detail: fmt.Sprintf("from %s, last seen at %s, %d retransmissions", c.Label(first.Src), c.Label(last.Dst), x.Request.Repeats())}
			switch {
			case final != nil:
				h.Frames = append(h.Frames, final.Hops[0].Frame)
				h.Detail += ", then 408 from " + c.Label(final.Hops[0].Src)
			case !answers:
				h.Doubt = "the capture holds no response to any SUBSCRIBE of this user: it may show one direction only"
			case notifies(c, x.CallID):
				h.Doubt = "NOTIFYs follow, so an answer must have been there"
			default:
				if h.Doubt = endsBefore(c, first.Time, timerFCore); h.Doubt == "" {
					h.Doubt = unrepeated(c, &x.Request)
				}
			}
			report(h)
		}
	},
})

// notifies reports whether NOTIFYs of a dialog were seen.
func notifies(c *finding.Case, callID string) bool {
	for _, s := range c.User.Subscriptions {
		if s.CallID == callID && s.Notifications > 0 {
			return true
		}
	}
	return false
}
