package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-200-omits-binding",
	Title:    "200 to REGISTER does not list every current contact",
	Severity: problem.Info,
	Clause:   "RFC 3261 10.3",
	Failures: []string{"F09"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The 200 to a REGISTER leaves out a contact of the same address-of-record that is registered before and after.",
	Means:    "A phone that looks for other devices of its user, or for its own binding, does not find them. Most phones do not look.",
	Next:     "Nothing, unless a device shows wrong bindings. Some cores list only the contact that asked, on purpose.",
	Example:  "Phone and tablet are registered; 200 to the tablet with Contact: <sip:tablet-5@10.45.0.15:5064>;expires=540000 alone.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		if len(c.User.Bindings) > crowd {
			return
		}
		for _, x := range c.Exchanges {
			if x.Register == nil || x.Register.ThirdParty || success(x) == nil || x.Register.Star {
				continue
			}
			at := success(x).First()
			if slices.ContainsFunc(x.Register.Contacts, func(k fact.ContactValue) bool { return identity.Emergency(k.Key) }) {
				continue // an emergency registration is one of its own
			}
			for i := range c.User.Bindings {
				b := &c.User.Bindings[i]
				settled := b.Registered != 0 && b.Registered < x.FirstTime() && (b.Active || b.Ended > at.Time+2*finding.Second) && (b.Expires == 0 || b.Expires > at.Time)
				if !settled || listsKey(x.Register.Answer.Contacts, b.ContactKey) || listsKey(x.Register.Contacts, b.ContactKey) || identity.Canonical(b.AOR) != x.To.Key {
					continue
				}
				all.see("", finding.Hit{Frames: []uint32{at.Frame, x.FirstFrame()}, Detail: fmt.Sprintf("%s is not in the 200 for %s", b.Contact, x.To.Raw)})
			}
		}
		all.report(report)
	},
})

// listsKey reports whether a list of Contacts holds one.
func listsKey(list []fact.ContactValue, key string) bool {
	for i := range list {
		if list[i].Key == key {
			return true
		}
	}
	return false
}
