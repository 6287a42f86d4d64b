package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-q-invented",
	Title:    "reginfo gives a q that nobody sent",
	Severity: problem.Info,
	Clause:   "RFC 3680 5.1",
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact in reginfo has q, its REGISTER and the 200 have none.",
	Means:    "q=\"0.000\" says that this contact is the last choice. Watchers that sort contacts by q may prefer others; a contact without q counts as 1.",
	Next:     "Do not read q at this core.",
	Example:  "Contact: <sip:phone-5@10.45.0.14:5060>;expires=600000, <contact … q=\"0.000\">.",
	Needs:    finding.HasQ,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if k.Q == fact.Absent || k.State != reginfo.ContactActive {
					continue
				}
				x := c.Bound(k.Key, t.frame())
				if x == nil || sentQ(x.Register.Contacts, k.Key) || sentQ(x.Register.Answer.Contacts, k.Key) {
					continue
				}
				if all.again("", t.frame(), x.FirstFrame()) {
					continue
				}
				all.see("", finding.Hit{Frames: []uint32{t.frame(), x.FirstFrame()}, Detail: fmt.Sprintf("%s: %s has q=%.3f", watcherName(t.sub), k.URI, float64(k.Q)/1000)})
			}
		}
		all.report(report)
	},
})

// sentQ reports whether a list of Contacts gives one of them a q.
func sentQ(list []fact.ContactValue, key string) bool {
	for _, k := range list {
		if k.Key == key && k.Q != fact.Absent {
			return true
		}
	}
	return false
}
