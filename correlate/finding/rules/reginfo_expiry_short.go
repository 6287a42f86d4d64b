package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-expiry-short",
	Title:    "reginfo gives a contact less time than the 200 did",
	Severity: problem.Warning,
	Clause:   "see RFC 3261 10.3, RFC 3680 5.1",
	Failures: []string{"F07"},
	Actor:    finding.ActorSCSCF,
	Seen:     "expires of a contact in reginfo is less than what is left of the expiry that the 200 to its REGISTER granted, by more than 2 % and 5 s, and the event is not shortened.",
	Means:    "The registrar drops the binding before the phone refreshes it: the phone is unreachable for a while in each period.",
	Next:     "Look at the moment when the binding really ends. More time in reginfo than in the 200 is a margin: grant-differs-from-reginfo.",
	Example:  "200 with Contact: …;expires=3600, reginfo with <contact … expires=\"1800\" event=\"registered\">.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if k.State != reginfo.ContactActive || k.Expires == fact.Absent || k.Event == reginfo.EventShortened {
					continue
				}
				x := c.Bound(k.Key, t.frame())
				if x == nil || success(x).First().Frame > t.frame() {
					continue // sent before the 200: it may still speak of the time before
				}
				granted, since := grantedTo(x, k.Key), t.doc.Time-success(x).First().Time
				if granted == fact.Absent || since < 2*finding.Second && c.Bound(k.Key, x.FirstFrame()) != nil {
					continue
				}
				left := granted - since/finding.Second
				if k.Expires >= left-5-granted/50 {
					continue
				}
				all.see(k.Key, finding.Hit{Frames: []uint32{t.frame(), success(x).First().Frame}, Doubt: t.doubt(),
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
