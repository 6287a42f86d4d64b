package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-wrong-event",
	Title:    "NOTIFY with reginfo names another event package, or none",
	Severity: problem.Error,
	Clause:   "RFC 6665 8.2.1",
	Failures: []string{"F35"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY carries a reginfo document, but its Event header is missing or does not say reg.",
	Means:    "The watcher does not find the subscription that it belongs to and answers 481 or 489: what it tells is lost.",
	Next:     "See how it was answered. A missing Event is often one that a middlebox removed.",
	Example:  "Event: presence with Content-Type: application/reginfo+xml.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for _, s := range c.User.Subscriptions {
			for _, x := range s.Exchanges {
				if x.Notify == nil || x.Notify.Document == nil || x.Notify.Event == "reg" || !x.Request.Seen() || x.CallID == "" {
					continue
				}
				all.see(s.CallID, finding.Hit{Frames: []uint32{x.FirstFrame()},
					Detail: fmt.Sprintf("%s: Event is %q; answered %s", watcherName(s), x.Notify.Event, answerText(x))})
			}
		}
		all.report(report)
	},
})
