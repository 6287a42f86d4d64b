package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-after-rejection",
	Title:    "NOTIFY in a dialog that the watcher has refused",
	Severity: problem.Warning,
	Clause:   "RFC 6665 4.2.2",
	Failures: []string{"F23"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY was answered 481, or with another code that ends a subscription, and the notifier sends one more in the same dialog.",
	Means:    "The watcher has lost the subscription and says so; the notifier does not listen. The watcher stays uninformed, because nobody subscribes anew.",
	Next:     "Ask why the watcher lost its state: a restart of the P-CSCF, a phone that was switched off. Let the notifier remove the subscription.",
	Example:  "NOTIFY, 481 Call Leg/Transaction Does Not Exist, NOTIFY with the next CSeq.",
	Needs:    finding.HasSubscription | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			var refused *fact.Exchange
			for _, x := range s.Exchanges {
				switch {
				case x.Subscribe != nil && success(x) != nil:
					refused = nil
				case x.Notify != nil && refused != nil && x.FirstFrame() > refused.Final().First().Frame && x.FromTag == refused.FromTag:
					report(finding.Hit{Frames: []uint32{x.FirstFrame(), refused.Final().First().Frame},
						Detail: fmt.Sprintf("%s: NOTIFY after %d to the one before", watcherName(s), finalStatus(refused))})
				}
				if x.Notify != nil && endsSubscription(finalStatus(x)) {
					refused = x
				}
			}
		}
	},
})

// endsSubscription reports whether a response to a NOTIFY or to a refresh means that there is no
// subscription any more (RFC 6665 4.1.2.2, 4.2.2).
func endsSubscription(status int) bool {
	return status >= 480 && status <= 485 || slices.Contains([]int{404, 405, 410, 416, 489, 501, 604}, status)
}
