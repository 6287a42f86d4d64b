package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-in-dialog-rejected",
	Title:    "refresh of a live subscription is refused",
	Severity: problem.Warning,
	Clause:   "RFC 6665 4.4.1",
	Failures: []string{"F26"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A SUBSCRIBE with a To tag, a refresh or an unsubscribe, gets 404, 481 or another code that ends a subscription, before the granted time is over and without a NOTIFY that ended it.",
	Means:    "The notifier does not find its own dialog, or the request went to another node. The watcher loses the subscription and must make a new one.",
	Next:     "Compare the Request-URI of the refresh with the Contact of the 2xx, and its Route with Record-Route. Ask for a restart of the S-CSCF.",
	Example:  "SUBSCRIBE sip:scscf.home1.net with To: …;tag=n, 404 Not Found.",
	Needs:    finding.HasSubscription | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			until, live := int64(0), false // the granted time
			for _, x := range s.Exchanges {
				switch {
				case x.Notify != nil:
					live = live && x.Notify.State != "terminated" && !endsSubscription(finalStatus(x))
					if x.Notify.Expires >= 0 {
						until = x.FirstTime() + x.Notify.Expires*finding.Second
					}
				case x.Subscribe == nil:
				case success(x) != nil:
					live = x.Subscribe.Granted != 0
					until = success(x).First().Time + max(x.Subscribe.Granted, x.Subscribe.Expires)*finding.Second
				case x.ToTag != "" && live && x.FirstTime() < until && endsSubscription(finalStatus(x)):
					report(finding.Hit{Frames: []uint32{x.Final().First().Frame, x.FirstFrame()},
						Detail: fmt.Sprintf("%s: SUBSCRIBE in the dialog answered %d, %d s before the subscription was to run out", watcherName(s), finalStatus(x), (until-x.FirstTime())/finding.Second)})
					live = false
				}
			}
		}
	},
})
