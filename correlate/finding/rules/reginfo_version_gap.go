package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-version-gap",
	Title:    "reginfo version jumps within a subscription",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5.2",
	Failures: []string{"F11"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Two consecutive documents of one subscription whose versions differ by more than one.",
	Means:    "A document got lost on the way, or two notifiers share the subscription. After a lost partial document the watcher's view is wrong until a full one comes.",
	Next:     "Look for a CSeq gap in the NOTIFYs: with one, a NOTIFY was lost (network or capture); without, the notifier skipped a version.",
	Example:  "NOTIFY reginfo v2, then v4 in the same dialog.",
	Needs:    finding.HasDisorder,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for t := range documents(c) {
			if !t.doc.Gap {
				continue
			}
			h := finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
				Detail: fmt.Sprintf("%s: version %d follows %d", watcherName(t.sub), t.doc.Version, t.doc.Before)}
			if t.was != nil {
				h.Frames = append(h.Frames, t.was.Frame)
				if n := t.doc.Exchange.CSeq - t.was.Exchange.CSeq; n > 1 && n < 1000 {
					h.Detail += fmt.Sprintf(", CSeq %d follows %d", t.doc.Exchange.CSeq, t.was.Exchange.CSeq)
					h.Doubt = "the NOTIFYs in between may have been sent and not captured"
				}
			}
			if t.full() {
				h.Mild, h.HasMild = problem.Info, true // a full document repairs the gap at once
			}
			if c.View.Damaged {
				h.Doubt = "the capture lost packets"
			}
			report(h)
		}
	},
})
