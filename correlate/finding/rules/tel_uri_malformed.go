package rules

import (
	"fmt"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "tel-uri-malformed",
	Title:    "tel URI with an at sign",
	Severity: problem.Warning,
	Clause:   "RFC 3966 3",
	Failures: []string{"F14"},
	Actor:    finding.ActorSCSCF,
	Seen:     "An identity of the form tel:+123@ or tel:+123@host in reginfo, P-Associated-URI or the target of a request.",
	Means:    "Lookups by this identity fail: the subscription finds no registration, the registration no subscription. Somebody made a SIP URI of a number and forgot the scheme.",
	Next:     "Find the message where it appears first and the node that wrote it.",
	Example:  "<registration aor=\"tel:+15550000005@\" …>.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		see := func(u string, frame uint32, where string) {
			all.see(u, finding.Hit{Frames: []uint32{frame}, Detail: fmt.Sprintf("%s in %s", u, where)})
		}
		for _, x := range c.Exchanges {
			if x.Request.Seen() {
				if badTel(x.RequestURI) {
					see(x.RequestURI, x.FirstFrame(), "the Request-URI")
				}
				if badTel(x.To.Raw) {
					see(x.To.Raw, x.FirstFrame(), "To")
				}
			}
			if x.Register != nil {
				for _, u := range x.Register.Answer.Associated {
					if badTel(u.Raw) {
						see(u.Raw, success(x).First().Frame, "P-Associated-URI")
					}
				}
			}
			if x.Notify != nil && x.Notify.Document != nil {
				for _, r := range x.Notify.Document.Registrations {
					if badTel(r.AOR.Raw) {
						see(r.AOR.Raw, x.FirstFrame(), "reginfo")
					}
				}
			}
		}
		all.report(report)
	},
})

// badTel reports whether a URI is a tel URI with a host.
func badTel(uri string) bool {
	return len(uri) > 4 && uri[0]|0x20 == 't' && strings.EqualFold(uri[:4], "tel:") && strings.IndexByte(uri, '@') >= 0
}
