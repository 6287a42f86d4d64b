package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-after-terminated",
	Title:    "NOTIFY after the one that ended the subscription",
	Severity: problem.Warning,
	Clause:   "RFC 6665 4.4.1",
	Failures: []string{"F24"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Subscription-State: terminated, and afterwards another NOTIFY in the same dialog with a higher CSeq.",
	Means:    "The notifier has not dropped the dialog. Its list of subscriptions grows with every restart of a watcher, and so does the number of NOTIFYs per change.",
	Next:     "Count the NOTIFYs per change of registration. See how the watcher answers: 481 is right.",
	Example:  "NOTIFY with Subscription-State: terminated;reason=timeout, later NOTIFY with Subscription-State: active;expires=3000, same Call-ID and tags.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			var last *fact.Exchange
			for _, x := range s.Exchanges {
				switch {
				case x.Subscribe != nil && success(x) != nil && x.Subscribe.Granted != 0:
					last = nil
				case x.Notify != nil && last != nil && x.CSeq > last.CSeq && x.FromTag == last.FromTag:
					report(finding.Hit{Frames: []uint32{x.FirstFrame(), last.FirstFrame()},
						Detail: fmt.Sprintf("%s: NOTIFY %.1f s after the last one; answered %s", watcherName(s), float64(x.FirstTime()-last.FirstTime())/1e9, answerText(x))})
				case x.Notify != nil && x.Notify.State == "terminated":
					last = x
				}
			}
		}
	},
})
