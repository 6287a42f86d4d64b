package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-init-with-contacts",
	Title:    "registration is in state init, but has contacts",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"R3"},
	Actor:    finding.ActorSCSCF,
	Seen:     "<registration state=\"init\"> with contact elements. init means that nothing was ever bound.",
	Means:    "Watchers that go by the registration ignore the contacts: for them the user is not registered.",
	Next:     "Compare with the documents before and after.",
	Example:  "<registration aor=\"sip:alice@home1.net\" state=\"init\"><contact state=\"active\" …>.",
	Needs:    finding.HasMismatch,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, r := range t.reg.Registrations {
				if r.State == reginfo.RegInit && len(r.Contacts) > 0 {
					all.see(r.AOR.Key, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
						Detail: fmt.Sprintf("%s: %s is in state init with %d contacts", watcherName(t.sub), r.AOR.Raw, len(r.Contacts))})
				}
			}
		}
		all.report(report)
	},
})
