package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
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
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			for i, d := range s.Documents {
				if !d.Gap {
					continue
				}
				h := finding.Hit{Frames: []uint32{d.Frame}, Detail: fmt.Sprintf("%s: version %d follows %d", s.Watcher.Label(), d.Version, d.Before)}
				if i > 0 {
					h.Frames = append(h.Frames, s.Documents[i-1].Frame)
				}
				if d.State == reginfo.StateFull {
					h.Mild, h.HasMild = problem.Info, true // a full document repairs the gap at once
				}
				if c.View.Damaged {
					h.Doubt = "the capture lost packets"
				}
				report(h)
			}
		}
	},
})
