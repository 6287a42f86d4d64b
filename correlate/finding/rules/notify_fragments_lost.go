package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-fragments-lost",
	Title:    "NOTIFY in IP fragments is never answered",
	Severity: problem.Error,
	Clause:   "RFC 3261 18.1.1",
	Failures: []string{"F30"},
	Actor:    finding.ActorNetwork,
	Seen:     "A NOTIFY over UDP that needs several IP fragments is sent again and again and gets no answer within Timer F, or a 408 from a proxy. It may be whole in the core, and lack fragments towards the phone.",
	Means:    "Firewalls, NATs and radio networks often drop fragments. The watcher does not learn the state of its registration, neither by this NOTIFY nor by its retransmissions.",
	Next:     "Compare the links: is the NOTIFY whole in the core and missing towards the phone? Send it over TCP, as RFC 3261 demands within 200 bytes of the path MTU, or make the document smaller.",
	Example:  "NOTIFY with a reginfo of 1822 bytes in 2 fragments, sent 11 times, no 200.",
	Needs:    finding.HasSubscription | finding.HasUnsuccessful,
	Torn:     true,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			for _, x := range s.Exchanges {
				if x.Notify == nil || !x.Request.Seen() || !unanswered(c, x) || sentOnce(x) != "" {
					continue
				}
				last := x.Request.Last()
				if last.Pieces < 2 {
					continue
				}
				torn := slices.ContainsFunc(x.Problems, func(p fact.Problem) bool { return p.Code == decode.ProbFragment && p.Frame == last.Frame })
				sent := x.Request.Sent(last)
				h := finding.Hit{Frames: []uint32{last.Frame}, Detail: fmt.Sprintf("%s: NOTIFY in %s to %s, sent %d times, answered %s",
					watcherName(s), fragments(last, torn), c.Label(last.Dst), sent, answerText(x))}
				switch {
				case torn && sent > 1 && x.Request.First().Frame != last.Frame: // it was whole on the link before
				case torn:
					h.Doubt = "the capture may have left the other fragments out, as a filter on ports does"
				case c.View.Damaged:
					h.Doubt = "the capture lost packets"
				case !answersWhole(s):
					h.Doubt = "the watcher never answers anything: it may be gone"
				}
				report(h)
			}
		}
	},
})

// fragments spells in what a message came over a hop.
func fragments(h fact.Hop, torn bool) string {
	if torn {
		return "fragments, not all of which appear on this link,"
	}
	return fmt.Sprintf("%d fragments", h.Pieces)
}

// answersWhole reports whether a watcher answered a NOTIFY that came in one piece.
func answersWhole(s *story.Subscription) bool {
	for _, x := range s.Exchanges {
		if x.Notify != nil && x.Request.Seen() && x.Request.Last().Pieces < 2 && success(x) != nil {
			return true
		}
	}
	return false
}
