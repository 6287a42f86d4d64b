package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-stale-contact",
	Title:    "reginfo lists an old contact of the same instance as active",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.2.1, RFC 5626 6",
	Failures: []string{"F08"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Two active contacts of one address-of-record with the same +sip.instance, no reg-id that tells them apart, and different addresses.",
	Means:    "The device has moved and its old binding lives on. Calls are forked to an address where nobody is; a phone that takes the smaller expires for its own registers far too often.",
	Next:     "Compare the expires values with the phone's rhythm of REGISTERs. Ask why the registrar did not replace the old binding: another Call-ID, another port, or +sip.instance not compared.",
	Example:  "<contact … expires=\"163\"><uri>sip:alice@10.0.0.1:50610</uri> beside <contact … expires=\"299\"><uri>sip:alice@10.0.0.1:50618</uri>, both urn:gsma:imei:35000005-000001-0.",
	Needs:    finding.HasDocument | finding.HasManyContacts,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for i := range t.reg.Registrations {
				r := &t.reg.Registrations[i]
				if len(r.Contacts) < 2 {
					continue
				}
				var first few.Map[string, *fact.Contact] // by instance
				for j := range r.Contacts {
					b := &r.Contacts[j]
					a := first.Get(b.Instance)
					switch {
					case b.Instance == "" || b.State != reginfo.ContactActive:
					case a == nil:
						first.Put(b.Instance, b)
					case sameFlow(a, b):
						all.see(b.Instance, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
							Detail: fmt.Sprintf("%s: %s%s and %s%s are both active", b.Instance, a.URI, secondsLeft(a), b.URI, secondsLeft(b))})
					}
				}
			}
		}
		all.report(report)
	},
})

// sameFlow reports whether two contacts of one device are the same flow under different addresses, and
// not two flows as of RFC 5626, nor one of an emergency registration.
func sameFlow(a, b *fact.Contact) bool {
	return a.Key != b.Key && identity.Emergency(a.Key) == identity.Emergency(b.Key) && (a.RegID == b.RegID || a.RegID == 0 || b.RegID == 0)
}

// secondsLeft spells a contact's expires in brackets, nothing if it has none.
func secondsLeft(k *fact.Contact) string {
	if k.Expires == fact.Absent {
		return ""
	}
	return fmt.Sprintf(" (%d s left)", k.Expires)
}
