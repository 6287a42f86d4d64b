package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-without-contact",
	Title:    "SUBSCRIBE without Contact",
	Severity: problem.Error,
	Clause:   "RFC 6665 4.1.2.1",
	Failures: []string{"F25"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A SUBSCRIBE for the reg package has no Contact. It is a warning where a NOTIFY came all the same, or the request was refused.",
	Means:    "The notifier has no target for its NOTIFYs: they vanish or go to the address-of-record. The watcher is never told anything.",
	Next:     "Find the node that wrote the SUBSCRIBE, and see whether any NOTIFY follows.",
	Example:  "SUBSCRIBE sip:alice@home1.net with Event: reg and Expires: 600000, but no Contact.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			for _, x := range s.Exchanges {
				if x.Subscribe == nil || x.Subscribe.Contact != "" || !x.Request.Seen() || x.CallID == "" {
					continue
				}
				h := finding.Hit{Frames: []uint32{x.FirstFrame()}, Detail: watcherName(s) + ": SUBSCRIBE without Contact, answered " + answerText(x)}
				if s.Notifications > 0 || success(x) == nil {
					h.Mild, h.HasMild = problem.Warning, true
				} else {
					h.Detail += "; no NOTIFY seen"
				}
				report(h)
				break
			}
		}
	},
})
