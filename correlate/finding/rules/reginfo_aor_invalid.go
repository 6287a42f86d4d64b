package rules

import (
	"fmt"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-aor-invalid",
	Title:    "address-of-record in reginfo is not a SIP or tel URI",
	Severity: problem.Error,
	Clause:   "RFC 3680 5.1",
	Failures: []string{"F13"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A registration element whose aor is no sip, sips or tel URI with a host or a number.",
	Means:    "Whoever validates refuses the NOTIFY, an SBC with 403 for example: the phone then never learns that its registration ended. Others cannot tell whose registration it is.",
	Next:     "See how the NOTIFY was answered. Look for the notifier's template: the name of the attribute as its value is a known fault.",
	Example:  "<registration aor=\"aor\" …>, 403 to the NOTIFY.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for i := range t.reg.Registrations {
				r := &t.reg.Registrations[i]
				if r.AOR.Raw == "" || validAOR(r.AOR.Key) {
					continue
				}
				all.see(r.AOR.Raw, finding.Hit{Frames: []uint32{t.frame()}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: aor=%q; the NOTIFY was answered %s", watcherName(t.sub), r.AOR.Raw, answerText(t.doc.Exchange))})
			}
		}
		all.report(report)
	},
})

// validAOR reports whether a canonical URI can be an address-of-record. A tel URI with more than a
// number is tel-uri-malformed.
func validAOR(key string) bool {
	scheme, rest, _ := strings.Cut(key, ":")
	switch scheme {
	case "sip", "sips":
		_, host, found := strings.Cut(rest, "@")
		if !found {
			host = rest // a PBX, RFC 6140
		}
		return host != ""
	case "tel":
		return strings.ContainsAny(rest, "0123456789")
	}
	return false
}
