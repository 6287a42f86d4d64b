package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-notify-after-refresh",
	Title:    "no NOTIFY after a refresh of the subscription",
	Severity: problem.Warning,
	Clause:   "see RFC 6665 4.2.1.2",
	Failures: []string{"F20"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A SUBSCRIBE within the dialog gets a 2xx, and no NOTIFY follows within 32 seconds.",
	Means:    "The refresh is how a watcher makes up for lost documents. It stays with what it has, right or wrong; some watchers take the subscription for dead.",
	Next:     "Check the S-CSCF's release: Kamailio left out this NOTIFY from 2020 to 2025.",
	Example:  "SUBSCRIBE with To tag and Expires: 3600, 200 Subscription to REG saved, nothing more.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			for i, x := range s.Exchanges {
				if x.Subscribe != nil && x.ToTag != "" && x.Subscribe.Granted != 0 && x.Subscribe.Expires != 0 {
					reportUnheard(c, s, i, "the refresh was accepted, no NOTIFY followed", report)
				}
			}
		}
	},
})
