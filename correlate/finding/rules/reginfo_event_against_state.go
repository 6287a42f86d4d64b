package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-event-against-state",
	Title:    "event of a contact does not fit its state",
	Severity: problem.Error,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"R4"},
	Actor:    finding.ActorSCSCF,
	Seen:     "registered, created, refreshed or shortened with state=\"terminated\", or one of the other five events with state=\"active\".",
	Means:    "Watchers that act on the event and watchers that act on the state part ways: a phone may register again though its binding is there, or stay away though it is gone.",
	Next:     "Compare with what was really asked and answered for this contact.",
	Example:  "<contact state=\"active\" event=\"unregistered\" …>.",
	Needs:    finding.HasMismatch,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if k.State == reginfo.ContactUnknown || k.Event == reginfo.EventUnknown || k.Event.Terminal() == (k.State == reginfo.ContactTerminated) {
					continue
				}
				all.see(k.Key+k.Event.String(), finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: %s is %s with event %s", watcherName(t.sub), k.URI, k.State, k.Event)})
			}
		}
		all.report(report)
	},
})
