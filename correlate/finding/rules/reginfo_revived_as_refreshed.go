package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-revived-as-refreshed",
	Title:    "a terminated contact comes back as refreshed",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"R8"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact was reported terminated; a later document has the same id and URI active with event=\"refreshed\" instead of registered or created.",
	Means:    "Watchers that forgot the contact see a refresh of what they do not know. Usually the earlier end was false: the binding had lived on.",
	Next:     "Look at what ended the contact before, and whether the registrar and the HSS agreed on it.",
	Example:  "<contact id=\"15\" state=\"terminated\" event=\"expired\">, then <contact id=\"15\" state=\"active\" event=\"refreshed\">.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type place struct{ sub, aor, id, contact string }
		var ended few.Map[place, uint32]
		var all sightings
		for t := range documents(c) {
			for i := range t.doc.Changes {
				ch := &t.doc.Changes[i]
				at := place{t.sub.CallID, ch.AOR, ch.ContactID, ch.Contact}
				switch {
				case ch.Contact == "" || ch.Kind == story.Removed:
				case ch.To == "terminated":
					ended.Put(at, t.frame())
				case ended.Get(at) != 0:
					if ch.Event == "refreshed" {
						all.see(ch.Contact, finding.Hit{Frames: []uint32{t.frame(), ended.Get(at)}, Doubt: t.doubtSince(ended.Get(at)),
							Detail: fmt.Sprintf("%s: %s was terminated, now it is refreshed", watcherName(t.sub), ch.Contact)})
					}
					ended.Drop(at)
				}
			}
		}
		all.report(report)
	},
})
