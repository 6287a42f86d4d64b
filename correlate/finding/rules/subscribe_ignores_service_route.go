package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-ignores-service-route",
	Title:    "the P-CSCF's SUBSCRIBE fails and did not follow Service-Route",
	Severity: problem.Warning,
	Clause:   "see RFC 3608 6.1, 3GPP TS 24.229 5.2.3",
	Failures: []string{"F28"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The P-CSCF subscribes to a registration whose 200 had a Service-Route; its SUBSCRIBE has no Route to that host and is refused or not answered.",
	Means:    "The SUBSCRIBE went by way of the I-CSCF, or nowhere. The P-CSCF will not learn when the network ends the registration, and keeps security association and bearer.",
	Next:     "Find the node that refused it. The way through the I-CSCF works where the I-CSCF can ask the HSS (LIR).",
	Example:  "200 with Service-Route: <sip:orig@scscf1.home1.fr;lr>, then SUBSCRIBE without Route, 404.",
	Needs:    finding.HasServiceRoute | finding.HasSubscription | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			x := firstSubscribe(s)
			if s.Watcher != story.WatcherPCSCF || x == nil || success(x) != nil || finalStatus(x) < 300 && (!unanswered(c, x) || s.Notifications > 0) {
				continue
			}
			reg, want := serviceRoute(c, x)
			if reg == nil || slices.ContainsFunc(x.Subscribe.Routes, func(r string) bool { return identity.HostOf(r) == identity.HostOf(want) }) {
				continue
			}
			report(finding.Hit{Frames: []uint32{x.FirstFrame(), success(reg).First().Frame}, Doubt: sentOnce(x),
				Detail: fmt.Sprintf("%s: SUBSCRIBE answered %s; Route %s, Service-Route %s", watcherName(s), answerText(x), orNone(x.Subscribe.Routes), want)})
		}
	},
})

// serviceRoute gives the newest REGISTER for the watched identity before a SUBSCRIBE whose 2xx had a
// Service-Route, and its last URI.
func serviceRoute(c *finding.Case, sub *fact.Exchange) (reg *fact.Exchange, last string) {
	for _, x := range slices.Backward(c.Exchanges) {
		if x.Register == nil || x.Register.ThirdParty || x.FirstFrame() > sub.FirstFrame() || success(x) == nil {
			continue
		}
		a := &x.Register.Answer
		if n := len(a.ServiceRoutes); n > 0 && (x.To.Key == sub.To.Key || hasKey(a.Associated, sub.To.Key)) {
			return x, a.ServiceRoutes[n-1]
		}
	}
	return nil, ""
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
