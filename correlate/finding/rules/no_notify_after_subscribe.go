package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-notify-after-subscribe",
	Title:    "no NOTIFY after a new subscription",
	Severity: problem.Warning,
	Clause:   "see RFC 6665 4.1.2.4, 4.2.1.2",
	Actor:    finding.ActorSCSCF,
	Seen:     "A SUBSCRIBE for a new dialog gets a 2xx, and no NOTIFY follows within 32 seconds.",
	Means:    "The watcher never learns the state of the registration: when Timer N runs out, the subscription has failed for it (RFC 6665 4.1.2.4).",
	Next:     "Look for the NOTIFY on another link, in ESP for example. Check Contact and Record-Route of the SUBSCRIBE: the NOTIFY may have gone elsewhere.",
	Example:  "SUBSCRIBE with Event: reg, 200 OK, nothing more.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			if x := firstSubscribe(s); x != nil && x.Subscribe.Granted != 0 && x.Subscribe.Expires != 0 && x.Subscribe.Contact != "" {
				reportUnheard(c, s, slices.Index(s.Exchanges, x), "the subscription was accepted, no NOTIFY followed", report)
			}
		}
	},
})
