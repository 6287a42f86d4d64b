package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-unanswered-again",
	Title:    "notifier keeps a subscription whose NOTIFY was not answered",
	Severity: problem.Warning,
	Clause:   "RFC 6665 4.2.2",
	Failures: []string{"F22"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY got no answer within Timer F, or a proxy answered 408; later the notifier sends another NOTIFY in the same dialog though the watcher did not subscribe again.",
	Means:    "The S-CSCF goes on notifying watchers that are gone. Each NOTIFY costs eleven transmissions and half a minute of state.",
	Next:     "Count the unanswered NOTIFYs. Check the S-CSCF's release: Kamailio removes such subscriptions since its pull request 3895.",
	Example:  "NOTIFY, 408 Request Timeout, and at the next change another NOTIFY in the same dialog.",
	Needs:    finding.HasSubscription | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			var failed *fact.Exchange
			var h finding.Hit
			for _, x := range s.Exchanges {
				switch {
				case x.Subscribe != nil:
					failed = nil
				case failed != nil && x.FirstTime() > gaveUp(failed):
					if len(h.Frames) == 0 {
						h.Detail = fmt.Sprintf("%s: NOTIFY after one that was answered %s", watcherName(s), answerText(failed))
						h.Doubt = oneSided(s)
					}
					if h.Doubt == "" {
						h.Doubt = sentOnce(failed)
					}
					if len(h.Frames) < maxSightings {
						h.Frames = append(h.Frames, x.FirstFrame(), failed.FirstFrame())
					}
				}
				if x.Notify != nil && unanswered(c, x) {
					failed = x
				}
			}
			if len(h.Frames) > 0 {
				report(h)
			}
		}
	},
})

// gaveUp gives the moment at which the sender of an unanswered request knows that it failed.
func gaveUp(x *fact.Exchange) int64 {
	if f := x.Final(); f != nil {
		return f.First().Time
	}
	return x.FirstTime() + timerN
}
