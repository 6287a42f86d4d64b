package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-rejected",
	Title:    "subscription to the registration is refused",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.2.1.1",
	Actor:    finding.ActorSCSCF,
	Seen:     "A SUBSCRIBE for the reg package is refused: 480 means that nothing is registered, 403 that the subscriber may not, 489 that the package is unknown. A challenge is none, and a later success makes it info.",
	Means:    "The watcher does not learn when the network ends the registration: a phone stays off the network unawares, a P-CSCF keeps its state.",
	Next:     "403: compare P-Asserted-Identity with the user's identities, the Path header and the trusted application servers. 480: look for the registration's end just before.",
	Example:  "SUBSCRIBE sip:alice@home1.net, 403 Forbidden.",
	Needs:    finding.HasSubscription | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			x := firstSubscribe(s)
			if x == nil || s.State != "rejected" || x.Final() == nil || finalStatus(x) < 300 || finalStatus(x) == 408 {
				continue
			}
			h := finding.Hit{Frames: []uint32{x.Final().First().Frame, x.FirstFrame()}, Detail: fmt.Sprintf("%s: %d %s", watcherName(s), finalStatus(x), x.Final().Reason)}
			if again := subscribesLater(c, s, x); again != nil {
				h.Mild, h.HasMild = problem.Info, true
				h.Detail += fmt.Sprintf("; it subscribed with success %d s later", (again.FirstTime()-x.FirstTime())/finding.Second)
			}
			report(h)
		}
	},
})

// subscribesLater gives the same watcher's next SUBSCRIBE that was accepted, within two minutes.
func subscribesLater(c *finding.Case, s *story.Subscription, failed *fact.Exchange) *fact.Exchange {
	for _, o := range c.User.Subscriptions {
		if o.WatcherURI != s.WatcherURI || o.WatcherNode != s.WatcherNode {
			continue
		}
		for _, x := range o.Exchanges {
			if d := x.FirstTime() - failed.FirstTime(); x.Subscribe != nil && success(x) != nil && d > 0 && d <= 120*finding.Second {
				return x
			}
		}
	}
	return nil
}
