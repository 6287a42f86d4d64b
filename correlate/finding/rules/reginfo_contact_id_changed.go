package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-contact-id-changed",
	Title:    "a contact gets another id within a subscription",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F18"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The same URI under the same address-of-record with another contact id than in the document before. In full documents this is info.",
	Means:    "Watchers find contacts by id. In a partial document they take it for a new contact and keep the old one: a phone that left stays registered for them. A full document replaces everything, so there it does no harm.",
	Next:     "Match contacts by URI and instance. Ids that are memory addresses change with a restart or failover; Kamailio's S-CSCF ends contacts under the id 0x1.",
	Example:  "<contact id=\"0x7fc2bff4b1d0\" state=\"active\" …>, then <contact id=\"0x1\" state=\"terminated\" event=\"expired\" …> with the same uri.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type place struct{ sub, aor, key string }
		type seen struct {
			id    string
			frame uint32
		}
		var last few.Map[place, seen]
		var all sightings
		for t := range documents(c) {
			for r, k := range t.contacts() {
				at := place{t.sub.CallID, r.AOR.Key, k.Key}
				if k.ID == "" || k.Key == "" {
					continue
				}
				if o := last.Get(at); o.id != "" && o.id != k.ID {
					all.see("", finding.Hit{Frames: []uint32{t.frame(), o.frame}, Doubt: t.doubtSince(o.frame), Mild: problem.Info, HasMild: t.full(),
						Detail: fmt.Sprintf("%s: %s had id %s, has %s", watcherName(t.sub), k.URI, o.id, k.ID)})
				}
				last.Put(at, seen{k.ID, t.frame()})
				if k.State == reginfo.ContactTerminated {
					last.Drop(at) // a new binding of the same URI may have a new id
				}
			}
		}
		all.report(report)
	},
})
