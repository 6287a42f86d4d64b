package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-idle-attribute",
	Title:    "expires on a terminated contact, or retry-after without probation",
	Severity: problem.Info,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"R6"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A terminated contact has expires, or a contact has retry-after with another event than probation.",
	Means:    "The value says nothing. Where it is above 0 it looks as if the binding had time left.",
	Next:     "Do not read it.",
	Example:  "<contact id=\"0x1\" state=\"terminated\" event=\"expired\" expires=\"0\" …>.",
	Needs:    finding.HasMismatch,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				switch {
				case k.State == reginfo.ContactTerminated && k.Expires != fact.Absent:
					all.see("expires", finding.Hit{Frames: []uint32{t.frame()}, Detail: fmt.Sprintf("%s: %s is terminated with expires=%d", watcherName(t.sub), k.URI, k.Expires)})
				case k.Event != reginfo.EventProbation && k.Event != reginfo.EventUnknown && k.Retry != fact.Absent:
					all.see("retry-after", finding.Hit{Frames: []uint32{t.frame()}, Detail: fmt.Sprintf("%s: %s has event %s with retry-after=%d", watcherName(t.sub), k.URI, k.Event, k.Retry)})
				}
			}
		}
		all.report(report)
	},
})
