package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "dereg-challenged-and-given-up",
	Title:    "a de-registration is challenged, and the device gives up",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.4",
	Failures: []string{"F37"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER that removes a contact is answered 401 or 407, and no answer to the challenge follows.",
	Means:    "The device is off, but the registrar and the HSS hold it for registered until the time runs out: calls ring into the void.",
	Next:     "See why it was challenged: on Mw integrity-protected must say yes (or tls-yes, ip-assoc-yes) for a request that came protected. Phones that leave do not wait for a second round.",
	Example:  "REGISTER with expires=0 → 401, then silence; Wi-Fi calling was switched off.",
	Needs:    finding.HasUserEnd | finding.HasRejection,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			n := len(d.Requests)
			if n == 0 || d.Initiator != story.ByUser || d.Outcome != story.Rejected {
				continue
			}
			last := d.Requests[n-1]
			final := last.Final()
			if final == nil || final.Status != 401 && final.Status != 407 || c.End-final.Last().Time < 2*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{final.Last().Frame, d.TriggerFrame}, Detail: statusLine(final)}
			switch said := last.Register.Integrity; {
			case onMw(&last.Request) && said == "":
				h.Detail += "; no integrity-protected on Mw"
			case onMw(&last.Request):
				h.Detail += "; integrity-protected=\"" + said + "\" on Mw"
			}
			if last.Register.SecurityOld && !onMw(&last.Request) {
				h.Doubt = "the answer to the challenge travels in ESP, which the capture may not show"
			} else {
				h.Doubt = endsBefore(c, final.Last().Time, timerFCore)
			}
			report(h)
		}
	},
})
