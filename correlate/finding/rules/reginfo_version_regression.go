package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-version-regression",
	Title:    "reginfo version goes back within a subscription",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5.2",
	Failures: []string{"F11"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A document with a lower version than the one before it in the same dialog. If its CSeq is lower as well, it was overtaken on the way, which is info.",
	Means:    "The watcher must throw the document away unread, and all that follow until the version has caught up: it is blind for that long.",
	Next:     "Ask whether the S-CSCF restarted or failed over at this moment and began to count anew. See whether the watcher subscribes again.",
	Example:  "NOTIFY reginfo v7, then v0 in the same dialog with a higher CSeq.",
	Needs:    finding.HasDisorder | finding.HasSuccessor,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for t := range documents(c) {
			if !t.doc.Stale || t.was == nil {
				continue
			}
			h := finding.Hit{Frames: []uint32{t.frame(), t.was.Frame}, Doubt: t.doubt(),
				Detail: fmt.Sprintf("%s: version %d follows %d", watcherName(t.sub), t.doc.Version, t.doc.Before)}
			if t.doc.Exchange.CSeq < t.was.Exchange.CSeq {
				h.Mild, h.HasMild = problem.Info, true
				h.Detail += "; its CSeq is lower too, so it was overtaken on the way"
			}
			report(h)
		}
	},
})
