package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-active-without-contact",
	Title:    "registration is active without an active contact",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"R2"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A full document has <registration state=\"active\"> with no contact that is active.",
	Means:    "Watchers take the user for reachable though nothing is bound: calls fail at the last step.",
	Next:     "Look for the contact's end before, and for the Cx state (SAR): the registrar may have lost it.",
	Example:  "<registration aor=\"sip:alice@home1.net\" state=\"active\"/> in a document with state=\"full\".",
	Needs:    finding.HasMismatch,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, r := range t.reg.Registrations {
				if !t.full() || r.State != reginfo.RegActive || slices.ContainsFunc(r.Contacts, func(k fact.Contact) bool { return k.State != reginfo.ContactTerminated }) {
					continue
				}
				all.see(r.AOR.Key, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(), Detail: watcherName(t.sub) + ": " + r.AOR.Raw + " is active, no contact is"})
			}
		}
		all.report(report)
	},
})
