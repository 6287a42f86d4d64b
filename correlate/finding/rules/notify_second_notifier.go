package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-second-notifier",
	Title:    "a second notifier speaks in a subscription",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.9",
	Failures: []string{"F11"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY with the Call-ID and watcher's tag of a subscription, but with another From tag than the To tag of the 2xx to the SUBSCRIBE.",
	Means:    "The SUBSCRIBE was forked, or the S-CSCF restarted and goes on under a new tag. The reg package has one notifier: the watcher answers 481, or mixes two version counts.",
	Next:     "See whether the NOTIFY was answered 481, and which node it came from. After a restart or failover of the S-CSCF, expect versions that start anew.",
	Example:  "200 to SUBSCRIBE with To: …;tag=n1, then NOTIFY with From: …;tag=n2.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			first := firstSubscribe(s)
			if first == nil || first.Subscribe.DialogTag == "" {
				continue
			}
			for _, x := range s.Exchanges {
				if x.Notify == nil || x.FromTag == "" || x.FromTag == first.Subscribe.DialogTag {
					continue
				}
				report(finding.Hit{Frames: []uint32{x.FirstFrame(), first.FirstFrame()},
					Detail: fmt.Sprintf("%s: NOTIFY with From tag %s, the 2xx had %s; answered %s", watcherName(s), x.FromTag, first.Subscribe.DialogTag, answerText(x))})
				break
			}
		}
	},
})
