package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-version-frozen",
	Title:    "reginfo version stays the same while the content changes",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5.2",
	Failures: []string{"F10"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Two consecutive documents of one subscription with the same version and different content.",
	Means:    "A watcher that goes by the version takes the second document for a repetition and keeps the old state: it misses registrations and their end.",
	Next:     "Compare documents by order of arrival, not by version. See whether every document of this notifier has the same version, usually 0.",
	Example:  "<reginfo … version=\"0\" state=\"full\"> in each NOTIFY of the subscription.",
	Needs:    finding.HasDisorder | finding.HasSuccessor,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			if t.was == nil || t.doc.Version == fact.Absent || t.doc.Version != t.doc.Before || t.doc.Duplicate {
				continue
			}
			all.see("", finding.Hit{Frames: []uint32{t.frame(), t.was.Frame}, Doubt: t.doubt(),
				Detail: fmt.Sprintf("%s: version %d twice with different content", watcherName(t.sub), t.doc.Version)})
		}
		all.report(report)
	},
})
