package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-expiry-differs",
	Title:    "reginfo and the 200 disagree on when a contact expires",
	Severity: problem.Warning,
	Clause:   "see RFC 3261 10.3, RFC 3680 5.1",
	Failures: []string{"F07"},
	Actor:    finding.ActorSCSCF,
	Seen:     "expires of a contact in reginfo differs from what is left of the expiry that the 200 to its REGISTER granted. Where reginfo gives more time than the 200 it is info.",
	Means:    "Less time in reginfo means that the registrar drops the binding before the phone refreshes it: the phone is unreachable for a while in each period. More time is a margin.",
	Next:     "Compare with the moment at which the binding really ends. Kamailio's S-CSCF grants 10 % less in the 200 than it keeps.",
	Example:  "200 with Contact: …;expires=540000, reginfo with <contact … expires=\"600000\">.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if k.State != reginfo.ContactActive || k.Expires == fact.Absent || k.Event == reginfo.EventShortened {
					continue
				}
				x := bound(c, k.Key, t.frame())
				if x == nil || success(x).First().Frame > t.frame() {
					continue // sent before the 200: it may still speak of the time before
				}
				granted, since := grantedTo(x, k.Key), t.doc.Time-success(x).First().Time
				if granted == fact.Absent || since < 2*finding.Second && bound(c, k.Key, x.FirstFrame()) != nil {
					continue
				}
				left := granted - since/finding.Second
				diff := k.Expires - left
				if slack := 5 + granted/50; diff >= -slack && diff <= slack {
					continue
				}
				all.see(k.Key, finding.Hit{Frames: []uint32{t.frame(), success(x).First().Frame}, Doubt: t.doubt(), Mild: problem.Info, HasMild: diff > 0,
					Detail: fmt.Sprintf("%s: %s has %d s left in reginfo, %d s by the 200", watcherName(t.sub), k.URI, k.Expires, left)})
			}
		}
		all.report(report)
	},
})

// grantedTo gives the expiry that a 2xx grants to a contact of its REGISTER, fact.Absent if none.
func grantedTo(x *fact.Exchange, contact string) int64 {
	for _, k := range x.Register.Contacts {
		if k.Key == contact {
			n, _ := x.Register.Granted(k)
			return n
		}
	}
	return fact.Absent
}
