package rules

import (
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscribe-for-emergency",
	Title:    "the P-CSCF subscribes to an emergency registration",
	Severity: problem.Info,
	Clause:   "see 3GPP TS 24.229 5.2.10.1",
	Failures: []string{"F29"},
	Actor:    finding.ActorPCSCF,
	Seen:     "SUBSCRIBE for the reg package from a P-CSCF after a REGISTER whose only Contact has the URI parameter sos.",
	Means:    "An emergency registration is neither refreshed nor ended by the network, so there is nothing to subscribe to. The SUBSCRIBE is noise, and fails in some cores.",
	Next:     "Check the P-CSCF's handling of sos.",
	Example:  "REGISTER with Contact: <sip:[5555::1:2:3:4];sos>, 200, SUBSCRIBE from the P-CSCF.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !slices.ContainsFunc(c.User.Subscriptions, func(s *story.Subscription) bool { return s.Watcher == story.WatcherPCSCF }) {
			return
		}
		var emergency, plain *fact.Exchange // the first of each
		for _, x := range c.Exchanges {
			if x.Register == nil || x.Register.ThirdParty || success(x) == nil {
				continue
			}
			for _, k := range x.Register.Contacts {
				switch {
				case !isEmergency(k.URI):
					if plain == nil {
						plain = x
					}
				case emergency == nil:
					emergency = x
				}
			}
		}
		if emergency == nil {
			return
		}
		for _, s := range c.User.Subscriptions {
			sub := firstSubscribe(s)
			if s.Watcher == story.WatcherPCSCF && sub != nil && sub.FirstFrame() > emergency.FirstFrame() && (plain == nil || sub.FirstFrame() < plain.FirstFrame()) {
				report(finding.Hit{Frames: []uint32{sub.FirstFrame(), emergency.FirstFrame()}, Detail: watcherName(s) + " subscribes to " + sub.To.Raw + ", which has an emergency registration alone"})
			}
		}
	},
})

// isEmergency reports whether a contact URI has the parameter sos, TS 24.229 7.2A.13.
func isEmergency(uri string) bool {
	_, params, _ := strings.Cut(uri, ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, _, _ := strings.Cut(p, "="); strings.EqualFold(name, "sos") {
			return true
		}
	}
	return false
}
