package rules

import (
	"fmt"
	"strconv"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-id-is-pointer",
	Title:    "ids in reginfo are memory addresses",
	Severity: problem.Info,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F18"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Ids of registrations or contacts of the form 0x7f….",
	Means:    "The ids change whenever the registrar rebuilds its records, after a restart or failover at the latest. They also tell an attacker where the process keeps its heap.",
	Next:     "Match contacts by URI and instance when comparing documents. See reginfo-contact-id-changed for harm done.",
	Example:  "<contact id=\"0x7f835724d1d0\" state=\"active\" event=\"registered\" …>.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for r, k := range t.contacts() {
				for _, id := range []string{r.ID, k.ID} {
					if isPointer(id) {
						if all.again("", t.frame()) {
							break
						}
						all.see("", finding.Hit{Frames: []uint32{t.frame()}, Detail: fmt.Sprintf("%s: id=%q", watcherName(t.sub), id)})
						break
					}
				}
			}
		}
		all.report(report)
	},
})

// isPointer reports whether an id is an address as C's %p prints it: above the first page, so that 0x1
// is none.
func isPointer(id string) bool {
	hex, ok := strings.CutPrefix(id, "0x")
	if !ok {
		return false
	}
	n, err := strconv.ParseUint(hex, 16, 64)
	return err == nil && n > 0xffff
}
