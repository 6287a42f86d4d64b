package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-aor-twice",
	Title:    "two registration elements for one address-of-record",
	Severity: problem.Error,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"R9"},
	Actor:    finding.ActorSCSCF,
	Seen:     "One document has two registrations whose aor is the same, spelling apart.",
	Means:    "Which of them counts is up to the watcher: some see the user registered, some do not.",
	Next:     "Compare the states and contacts of both.",
	Example:  "<registration aor=\"tel:+1-555-0001\" …> and <registration aor=\"tel:+15550001\" …>.",
	Needs:    finding.HasManyAORs,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			var seen few.Map[string, bool]
			for i := range t.reg.Registrations {
				r := &t.reg.Registrations[i]
				if seen.Get(r.AOR.Key) && r.AOR.Key != "" {
					all.see(r.AOR.Key, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(), Detail: watcherName(t.sub) + ": " + r.AOR.Raw + " twice"})
				}
				seen.Put(r.AOR.Key, true)
			}
		}
		all.report(report)
	},
})
