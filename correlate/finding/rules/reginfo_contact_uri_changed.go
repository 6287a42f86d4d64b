package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-contact-uri-changed",
	Title:    "a contact keeps its id under another address",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F17"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The same contact id, active before and after, with another URI, and no element that terminates the old one.",
	Means:    "Watchers that go by the id see no new contact and no end of the old one. A P-CSCF keeps the old security association and route.",
	Next:     "Look for the REGISTER that changed the address: usually the phone got a new IP address or port.",
	Example:  "<contact id=\"15\" state=\"active\" …><uri>sip:alice@10.0.0.1:50610</uri>, next document the same id with <uri>sip:alice@10.0.0.7:50618</uri>.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type id struct{ sub, aor, id string }
		type seen struct {
			key, uri string
			frame    uint32
		}
		var last few.Map[id, seen]
		var all sightings
		for t := range documents(c) {
			for r, k := range t.contacts() {
				at := id{t.sub.CallID, r.AOR.Key, k.ID}
				if k.ID == "" || k.State != reginfo.ContactActive {
					last.Drop(at)
					continue
				}
				if o := last.Get(at); o.key != "" && o.key != k.Key && !terminates(t, r.AOR.Key, o.key) {
					all.see(o.key+k.Key, finding.Hit{Frames: []uint32{t.frame(), o.frame}, Doubt: t.doubtSince(o.frame),
						Detail: fmt.Sprintf("%s: contact %s was %s, is %s", watcherName(t.sub), k.ID, o.uri, k.URI)})
				}
				last.Put(at, seen{k.Key, k.URI, t.frame()})
			}
		}
		all.report(report)
	},
})

// terminates reports whether a document ends a contact.
func terminates(t told, aor, contact string) bool {
	for r, k := range t.contacts() {
		if r.AOR.Key == aor && k.Key == contact && k.State == reginfo.ContactTerminated {
			return true
		}
	}
	return false
}
