package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-event-without-time",
	Title:    "shortened without expires, or probation without retry-after",
	Severity: problem.Error,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"R5"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact with event=\"shortened\" has no expires, or one with event=\"probation\" no retry-after.",
	Means:    "The phone is told to come back and not when. Without a time it comes too late and loses its registration, or at once and adds to the load that probation was to keep away.",
	Next:     "See when the phone registers next.",
	Example:  "<contact state=\"terminated\" event=\"probation\" …> without retry-after.",
	Needs:    finding.HasCommand,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				missing := ""
				switch {
				case k.Event == reginfo.EventShortened && k.Expires == fact.Absent:
					missing = "expires"
				case k.Event == reginfo.EventProbation && k.Retry == fact.Absent:
					missing = "retry-after"
				default:
					continue
				}
				all.see(k.Key+missing, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: %s has event %s without %s", watcherName(t.sub), k.URI, k.Event, missing)})
			}
		}
		all.report(report)
	},
})
