package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-terminated-with-active-contact",
	Title:    "registration is terminated, one of its contacts is active",
	Severity: problem.Error,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"R1"},
	Actor:    finding.ActorSCSCF,
	Seen:     "<registration state=\"terminated\"> with a <contact state=\"active\"> in it.",
	Means:    "Watchers disagree on whether the user is registered: those that read the registration drop it, those that read the contacts keep it.",
	Next:     "Compare with the next document and with the last 200 to a REGISTER of this contact.",
	Example:  "<registration aor=\"tel:+15550001\" state=\"terminated\"><contact state=\"active\" event=\"registered\" …>.",
	Needs:    finding.HasMismatch,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for r, k := range t.contacts() {
				if r.State == reginfo.RegTerminated && k.State == reginfo.ContactActive {
					all.see(r.AOR.Key+k.Key, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
						Detail: fmt.Sprintf("%s: %s is terminated, %s is active", watcherName(t.sub), r.AOR.Raw, k.URI)})
				}
			}
		}
		all.report(report)
	},
})
