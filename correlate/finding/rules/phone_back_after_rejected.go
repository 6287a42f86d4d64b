package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "phone-back-after-rejected",
	Title:    "the phone registers again at once though it was told rejected",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 4.7.1, 3GPP TS 24.229 5.1.1.7",
	Failures: []string{"C.5"},
	Actor:    finding.ActorUE,
	Seen:     "The phone acknowledges a NOTIFY that ends its contact with event=\"rejected\", and sends a REGISTER within two minutes.",
	Means:    "The network has made clear that trying is no use. Such phones load registrar and HSS with attempts that fail.",
	Next:     "See how the REGISTER is answered, and how often it comes. If it succeeds, the event was wrong.",
	Example:  "<contact state=\"terminated\" event=\"rejected\" …>, 200 to the NOTIFY, REGISTER 4 s later.",
	Needs:    finding.HasCommand,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, o := range orders(c, reginfo.EventRejected) {
			if x := o.comesBack(c); x != nil && o.after(x) <= 120*finding.Second {
				report(finding.Hit{Frames: []uint32{x.FirstFrame(), o.frame()},
					Detail: fmt.Sprintf("%s: REGISTER %.1f s after rejected, answered %s", watcherName(o.sub), float64(o.after(x))/1e9, answerText(x))})
			}
		}
	},
})
