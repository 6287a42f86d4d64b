package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-gruu-unasked",
	Title:    "reginfo carries a GRUU that the phone did not ask for",
	Severity: problem.Info,
	Clause:   "see RFC 5628 5, RFC 5627 4.2",
	Failures: []string{"F16"},
	Actor:    finding.ActorSCSCF,
	Seen:     "pub-gruu in a contact element, while the REGISTER of this contact has no Supported: gruu and its 200 no pub-gruu.",
	Means:    "A watcher may use an address for the phone that the phone does not know as its own.",
	Next:     "Check the registrar's GRUU setting. Phones without GRUU usually ignore it.",
	Example:  "<gr:pub-gruu uri=\"sip:alice@home1.net;gr=…\"/>, REGISTER with Supported: path.",
	Needs:    finding.HasGRUU,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if !k.GRUU {
					continue
				}
				if x := c.Bound(k.Key, t.frame()); x != nil && !knowsGRUU(x, k.Key) {
					all.see(k.Key, finding.Hit{Frames: []uint32{t.frame(), x.FirstFrame()}, Detail: fmt.Sprintf("pub-gruu for %s", k.URI)})
				}
			}
		}
		all.report(report)
	},
})

// knowsGRUU reports whether a REGISTER asks for a GRUU or its answer gives one.
func knowsGRUU(x *fact.Exchange, contact string) bool {
	for tag := range strings.SplitSeq(x.Register.Supported, ",") {
		if strings.EqualFold(strings.TrimSpace(tag), "gruu") {
			return true
		}
	}
	return slices.ContainsFunc(x.Register.Answer.Contacts, func(k fact.ContactValue) bool { return k.Key == contact && k.GRUU })
}
