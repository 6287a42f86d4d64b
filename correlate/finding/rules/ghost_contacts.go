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
		var kept map[string]bool
		for _, r := range c.Rounds() {
			if !r.OK() || len(r.Register.Answer.Contacts) < 3 {
				continue
			}
			if kept == nil {
				kept = keptByTurns(c)
			}
			count := map[string]int{}
			for _, k := range r.Register.Answer.Contacts {
				if k.Expires == 0 || kept[k.Key] {
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

// keptByTurns lists the contacts without an instance that are refreshed although another one of their host was bound in
// between: whoever does that is a phone of its own, behind a NAT. A ghost is left alone.
func keptByTurns(c *finding.Case) map[string]bool {
	kept, bound := map[string]bool{}, map[string]bool{}
	newest := map[string]string{} // contact of a host
	for _, r := range c.Rounds() {
		if !r.OK() {
			continue
		}
		for i := range r.Register.Contacts {
			k := &r.Register.Contacts[i]
			if k.Instance != "" || r.Register.EffectiveExpires(*k) == 0 {
				continue
			}
			host := identity.HostOf(k.URI)
			if bound[k.Key] && newest[host] != k.Key {
				kept[k.Key] = true
			}
			bound[k.Key], newest[host] = true, k.Key
		}
	}
	return kept
}

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
