package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-terminated-without-contacts",
	Title:    "registration ends without a word about its contacts",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 4.7.1, 3GPP TS 24.229 5.4.2.1.2",
	Failures: []string{"F06"},
	Actor:    finding.ActorSCSCF,
	Seen:     "<registration state=\"terminated\"> without contact elements, though the watcher knew active contacts of it.",
	Means:    "Nothing says why it ended: the phone cannot tell deactivated, after which it should register again at once, from rejected, after which it should not.",
	Next:     "Find the cause elsewhere: RTR, SAR, the S-CSCF's log. See what the phone does next. Kamailio's S-CSCF ends registrations like this whenever the network is the initiator.",
	Example:  "<registration aor=\"tel:+15550000002\" id=\"0x7f2a3591c2e0\" state=\"terminated\"/> after an RTR.",
	Needs:    finding.HasRemoval,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, r := range t.reg.Registrations {
				if r.State != reginfo.RegTerminated || len(r.Contacts) > 0 {
					continue
				}
				for _, ch := range t.doc.Changes {
					if ch.Kind == story.Removed && ch.AOR == r.AOR.Raw && ch.Contact != "" {
						all.see(fmt.Sprint(causeOf(c, t.doc)), finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
							Detail: fmt.Sprintf("%s: %s ended, %s is not mentioned", watcherName(t.sub), r.AOR.Raw, ch.Contact)})
					}
				}
			}
		}
		all.report(report)
	},
})

// causeOf gives the frame that triggered the de-registration which a document tells of, 0 for none.
func causeOf(c *finding.Case, doc *story.Document) uint32 {
	for _, d := range c.User.Deregistrations {
		for _, ref := range d.Documents {
			if ref.Document == doc {
				return d.TriggerFrame
			}
		}
	}
	return 0
}
