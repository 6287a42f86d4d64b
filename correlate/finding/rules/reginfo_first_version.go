package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-first-version",
	Title:    "first document of a subscription has a version above 0",
	Severity: problem.Info,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F11"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The capture holds the SUBSCRIBE, and the first document after it does not have version 0.",
	Means:    "Watchers take the first version as it comes, so it hurts nobody. It hides the loss of an earlier document.",
	Next:     "If the document is partial, or the first number differs from one subscription to the next, look for lost NOTIFYs or one count for all watchers.",
	Example:  "<reginfo … version=\"2\" state=\"full\"> in the first NOTIFY: Kamailio's S-CSCF begins with 2.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			if t.was == nil && !t.sub.MidDialog && t.doc.Version > 0 {
				all.see("", finding.Hit{Frames: []uint32{t.frame()}, Detail: fmt.Sprintf("%s: the first version is %d", watcherName(t.sub), t.doc.Version)})
			}
		}
		all.report(report)
	},
})
