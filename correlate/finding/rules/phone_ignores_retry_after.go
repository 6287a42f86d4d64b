package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "phone-ignores-retry-after",
	Title:    "the phone registers again before its probation is over",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"C.5"},
	Actor:    finding.ActorUE,
	Seen:     "The phone acknowledges a NOTIFY that ends its contact with event=\"probation\" and retry-after, and sends a REGISTER before that time is over.",
	Means:    "Probation spreads load after a failure. Phones that come back too early make it worse.",
	Next:     "Compare several phones of the same type.",
	Example:  "<contact state=\"terminated\" event=\"probation\" retry-after=\"120\" …>, REGISTER 3 s later.",
	Needs:    finding.HasCommand,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, o := range orders(c, reginfo.EventProbation) {
			if x := o.comesBack(c); x != nil && o.after(x) < (o.contact.Retry-1)*finding.Second {
				report(finding.Hit{Frames: []uint32{x.FirstFrame(), o.frame()},
					Detail: fmt.Sprintf("%s: REGISTER %.1f s after probation with retry-after=%d", watcherName(o.sub), float64(o.after(x))/1e9, o.contact.Retry)})
			}
		}
	},
})
