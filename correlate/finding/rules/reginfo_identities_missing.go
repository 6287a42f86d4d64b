package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-identities-missing",
	Title:    "reginfo leaves out identities of the implicit registration set",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.2.1.2",
	Failures: []string{"F15"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A full document with an active registration does not list all identities that P-Associated-URI of the 200 to REGISTER named. Barred identities are in neither.",
	Means:    "The watcher believes that these identities are not registered: calls to them are not expected, and their end is never told.",
	Next:     "Compare the aors of the document with P-Associated-URI, and with the profile in the SAA.",
	Example:  "P-Associated-URI: <sip:alice@home1.net>, <tel:+15550001>; reginfo with a registration for sip:alice@home1.net alone.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		var sets implicitSets
		var room [8]told
		docs := slices.AppendSeq(room[:0], documents(c))
		slices.SortStableFunc(docs, func(a, b told) int { return cmp.Compare(a.frame(), b.frame()) })
		for _, t := range docs {
			if !t.full() || t.doubt() != "" || !activates(t.reg) {
				continue
			}
			if sets.until(c, t.frame()); sets.within(t.reg) {
				continue
			}
			var missing []string
			x, set := sets.of(identity.Canonical(t.sub.Resource))
			for _, u := range set {
				if !registers(t.reg, u.Key) {
					missing = append(missing, u.Raw)
				}
			}
			if len(missing) == 0 {
				continue
			}
			list := strings.Join(missing, ", ")
			all.see(list, finding.Hit{Frames: []uint32{t.frame(), success(x).First().Frame}, Detail: fmt.Sprintf("%s: no registration element for %s", watcherName(t.sub), list)})
		}
		all.report(report)
	},
})

// activates reports whether a document has a registration that is active.
func activates(d *fact.Document) bool {
	for i := range d.Registrations {
		if d.Registrations[i].State == reginfo.RegActive {
			return true
		}
	}
	return false
}

// registers reports whether a document has a registration element for an identity.
func registers(d *fact.Document, key string) bool {
	for i := range d.Registrations {
		if d.Registrations[i].AOR.Key == key {
			return true
		}
	}
	return false
}

// hasKey reports whether a list of identities holds one.
func hasKey(list []fact.URI, key string) bool {
	return slices.ContainsFunc(list, func(u fact.URI) bool { return u.Key == key })
}
