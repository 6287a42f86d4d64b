package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-without-subscription-state",
	Title:    "NOTIFY without Subscription-State",
	Severity: problem.Error,
	Clause:   "RFC 6665 4.2.2",
	Failures: []string{"F35"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY for the reg package has no Subscription-State header.",
	Means:    "The watcher cannot tell whether the subscription lives. Strict ones refuse the NOTIFY with 400 or ignore it, and with it the end of a registration.",
	Next:     "See how it was answered, and whether all NOTIFYs of this notifier lack it.",
	Example:  "NOTIFY with Event: reg and Content-Type: application/reginfo+xml, as in the call flows that RFC 3680 printed (erratum 3494).",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for _, s := range c.User.Subscriptions {
			for _, x := range s.Exchanges {
				// Without a Call-ID the message itself is damaged, and much else is missing.
				if x.Notify != nil && !x.Notify.HasState && x.Request.Seen() && x.CallID != "" {
					all.see(s.CallID, finding.Hit{Frames: []uint32{x.FirstFrame()}, Detail: watcherName(s) + ": no Subscription-State; answered " + answerText(x)})
				}
			}
		}
		all.report(report)
	},
})
