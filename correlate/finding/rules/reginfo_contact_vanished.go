package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-contact-vanished",
	Title:    "an active contact vanishes from reginfo without an end",
	Severity: problem.Info,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"F06"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A full document does not list a contact that was active before, and never said that it was terminated.",
	Means:    "The watcher learns that the contact is gone and not why: expiry looks like an administrative end. A notifier that writes state=\"full\" over a partial document makes live contacts look gone.",
	Next:     "Compare with the granted expiry. If the contact is listed again later, the document was not full.",
	Example:  "<contact … expires=\"11\"><uri>sip:b30@10.45.0.34:5066</uri>, and 12 s later a full document without it.",
	Needs:    finding.HasRemoval,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, ch := range t.doc.Changes {
				if ch.Kind != story.Removed || ch.Contact == "" || saysEnded(t, ch.AOR) {
					continue
				}
				h := finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(), Detail: fmt.Sprintf("%s: %s under %s is not listed any more", watcherName(t.sub), ch.Contact, ch.AOR)}
				if t.doc.Gap {
					h.Doubt = "documents before it are missing"
				}
				all.see(fmt.Sprint(ch.Contact, causeOf(c, t.doc)), h)
			}
		}
		all.report(report)
	},
})

// saysEnded reports whether a document lists an address-of-record as terminated.
func saysEnded(t told, aor string) bool {
	for _, i := range t.doc.Identities {
		if i.AOR == aor {
			return i.State == "terminated" && lists(t, aor)
		}
	}
	return false
}

// lists reports whether a document has a registration element for an address-of-record.
func lists(t told, aor string) bool {
	for _, r := range t.reg.Registrations {
		if r.AOR.Raw == aor {
			return true
		}
	}
	return false
}
