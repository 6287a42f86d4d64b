package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-registration-id-changed",
	Title:    "an address-of-record gets another id within a subscription",
	Severity: problem.Error,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F18", "R10"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A registration element with the same aor and another id than before in the same dialog. In full documents this is a warning.",
	Means:    "Watchers keep their tables by this id. After a partial document they hold the address-of-record twice, and the old copy stays for ever.",
	Next:     "See whether the S-CSCF restarted or rebuilt its record in between. Match registrations by aor.",
	Example:  "<registration aor=\"sip:alice@home1.net\" id=\"0x7f36025b11d0\" …>, later id=\"0x7f36025c0a18\".",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type place struct{ sub, aor string }
		type seen struct {
			id    string
			frame uint32
		}
		var last few.Map[place, seen]
		var all sightings
		for t := range documents(c) {
			for i := range t.reg.Registrations {
				r := &t.reg.Registrations[i]
				at := place{t.sub.CallID, r.AOR.Key}
				if r.ID == "" || r.AOR.Key == "" {
					continue
				}
				if o := last.Get(at); o.id != "" && o.id != r.ID {
					all.see("", finding.Hit{Frames: []uint32{t.frame(), o.frame}, Doubt: t.doubtSince(o.frame), Mild: problem.Warning, HasMild: t.full(),
						Detail: fmt.Sprintf("%s: %s had id %s, has %s", watcherName(t.sub), r.AOR.Raw, o.id, r.ID)})
				}
				last.Put(at, seen{r.ID, t.frame()})
			}
		}
		all.report(report)
	},
})
