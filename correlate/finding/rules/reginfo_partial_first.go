package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-partial-first",
	Title:    "first document of a subscription is partial",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 5.2, RFC 6665 4.2.1.2",
	Failures: []string{"F12"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The capture holds the SUBSCRIBE, and the first document after it has state=\"partial\".",
	Means:    "A partial document only says what changed. The watcher has nothing to apply it to and does not learn what else is registered.",
	Next:     "See whether the version is above 0: then a full document may have been sent before and lost. Otherwise the notifier leaves out the full state.",
	Example:  "SUBSCRIBE, 200, NOTIFY <reginfo … version=\"0\" state=\"partial\">.",
	Needs:    finding.HasPartial,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for t := range documents(c) {
			if t.was != nil || t.sub.MidDialog || t.reg.State != reginfo.StatePartial {
				continue
			}
			h := finding.Hit{Frames: []uint32{t.frame(), t.sub.FirstFrame}, Doubt: t.doubt(),
				Detail: fmt.Sprintf("%s: the first document is partial, version %d", watcherName(t.sub), t.doc.Version)}
			switch {
			case t.doc.Version > 0:
				h.Doubt = "its version is above 0: a full document may have gone before it"
			case c.View.Damaged:
				h.Doubt = "the capture lost packets"
			}
			report(h)
		}
	},
})
