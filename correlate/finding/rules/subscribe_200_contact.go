package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-200-contact",
	Title:    "200 to SUBSCRIBE has no Contact, or a wrong one",
	Severity: problem.Warning,
	Clause:   "RFC 3261 12.1.1",
	Failures: []string{"F27"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The 2xx to a SUBSCRIBE has no Contact or gives the watcher's own. Another host than in the Contact of the NOTIFYs is info.",
	Means:    "The watcher sends refreshes to the Contact of the 2xx: they go astray, and the subscription runs out.",
	Next:     "See what happens to the SUBSCRIBE within the dialog, and which Request-URI it has.",
	Example:  "SUBSCRIBE with Contact: <sip:pcscf1.visited1.fi>, 200 with Contact: <sip:pcscf1.visited1.fi>.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			x := firstSubscribe(s)
			if x == nil || success(x) == nil || x.Subscribe.Contact == "" {
				continue
			}
			var h finding.Hit
			var moved uint32 // frame of a NOTIFY
			host := identity.HostOf(x.Subscribe.Notifier)
			switch n := notifierContact(s); {
			case x.Subscribe.Notifier == "":
				h.Detail = "the 2xx has no Contact"
			case host == identity.HostOf(x.Subscribe.Contact) && identity.Contact(x.Subscribe.Notifier) == identity.Contact(x.Subscribe.Contact):
				h.Detail = "the 2xx gives the watcher's own Contact, " + x.Subscribe.Notifier
			case n != nil && n.Notify.Contact != x.Subscribe.Notifier && identity.HostOf(n.Notify.Contact) != host:
				h.Detail = fmt.Sprintf("the 2xx has Contact %s, the NOTIFY %s", x.Subscribe.Notifier, n.Notify.Contact)
				moved = n.FirstFrame()
				h.Mild, h.HasMild = problem.Info, true // NOTIFY may move the target, RFC 6665 4.4.1
			default:
				continue
			}
			h.Detail = watcherName(s) + ": " + h.Detail
			h.Frames = []uint32{success(x).First().Frame, x.FirstFrame()}
			if moved != 0 {
				h.Frames = append(h.Frames, moved)
			}
			report(h)
		}
	},
})

// notifierContact gives the first NOTIFY of a subscription with a Contact, nil if there is none.
func notifierContact(s *story.Subscription) *fact.Exchange {
	for _, x := range s.Exchanges {
		if x.Notify != nil && x.Notify.Contact != "" {
			return x
		}
	}
	return nil
}
