package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-notify-on-unsubscribe",
	Title:    "no last NOTIFY after unsubscribing",
	Severity: problem.Info,
	Clause:   "see RFC 6665 4.1.2.3",
	Failures: []string{"F20"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A SUBSCRIBE with Expires: 0 gets a 2xx, and no NOTIFY with Subscription-State: terminated follows.",
	Means:    "The watcher cannot be sure that the notifier let go of the dialog and keeps it for 32 s longer. Kamailio's S-CSCF never sends it.",
	Next:     "Nothing, unless later NOTIFYs arrive in this dialog.",
	Example:  "SUBSCRIBE with Expires: 0, 200 Subscription to REG dropped.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			for i, x := range s.Exchanges {
				if x.Subscribe != nil && x.ToTag != "" && (x.Subscribe.Granted == 0 || x.Subscribe.Expires == 0) {
					reportUnheard(c, s, i, "unsubscribed, no NOTIFY followed", report)
				}
			}
		}
	},
})
