package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-before-200",
	Title:    "first NOTIFY overtakes the 200 to the SUBSCRIBE",
	Severity: problem.Info,
	Clause:   "RFC 6665 4.4.1",
	Failures: []string{"F21"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The first NOTIFY of a subscription reaches a node before the 2xx to its SUBSCRIBE.",
	Means:    "It is allowed, and watchers must cope. Old ones answer 481 because they do not know the dialog yet.",
	Next:     "Only if the NOTIFY was answered 481: let the notifier send the 2xx first.",
	Example:  "frame 44 NOTIFY, frame 46 200 to SUBSCRIBE, both to 10.46.0.2.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			first := firstSubscribe(s)
			if first == nil || success(first) == nil {
				continue
			}
			for _, x := range s.Exchanges {
				if x.Notify == nil || !x.Request.Seen() {
					continue
				}
				if n, ok, found := overtakes(c, &x.Request, success(first)); found {
					report(finding.Hit{Frames: []uint32{n, ok}, Detail: fmt.Sprintf("%s: NOTIFY before the %d; answered %s", watcherName(s), success(first).Status, answerText(x))})
				}
				break
			}
		}
	},
})

// overtakes finds a node that one message reached before another.
func overtakes(c *finding.Case, early, late *fact.Message) (e, l uint32, found bool) {
	for _, a := range early.Hops {
		for _, b := range late.Hops {
			if c.Addr(a.Dst) == c.Addr(b.Dst) {
				return a.Frame, b.Frame, a.Frame < b.Frame
			}
		}
	}
	return 0, 0, false
}
