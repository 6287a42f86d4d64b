package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "ghost-contacts",
	Title:    "old contacts of one device pile up",
	Severity: problem.Warning,
	Clause:   "see RFC 3261 10.2.4",
	Failures: []string{"F78"},
	Actor:    finding.ActorUE,
	Seen:     "A 200 that lists three or more contacts of one device: the same +sip.instance and reg-id, or, without an instance, the same host with other ports.",
	Means:    "Calls fork to addresses where nobody listens; the list grows until the old entries run out.",
	Next:     "The device makes a new Call-ID or port each time and does not remove the old contact; with +sip.instance and reg-id the registrar would replace it (RFC 5626).",
	Example:  "Contact: <sip:bob@10.0.0.7:40001>;expires=120, <sip:bob@10.0.0.7:40377>;expires=2400, <sip:bob@10.0.0.7:41002>;expires=3600",
	Needs:    finding.HasManyContacts,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var told few.Map[string, bool]
		for _, r := range c.Rounds() {
			if !r.OK() || len(r.Register.Answer.Contacts) < 3 {
				continue
			}
			count := map[string]int{}
			for _, k := range r.Register.Answer.Contacts {
				if k.Expires == 0 {
					continue
				}
				d := device(k)
				if count[d]++; d == "" || count[d] != 3 || told.Get(d) {
					continue
				}
				told.Put(d, true)
				report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: fmt.Sprintf("at least 3 contacts of %s", d)})
			}
		}
	},
})

// device names what a contact belongs to.
func device(k fact.ContactValue) string {
	if k.Instance != "" {
		if k.RegID != "" {
			return k.Instance + ";reg-id=" + k.RegID
		}
		return k.Instance
	}
	return identity.HostOf(k.URI)
}
