package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "dereg-ignored",
	Title:    "a de-registration is answered 200 and not carried out",
	Severity: problem.Warning,
	Clause:   "RFC 3261 10.3",
	Failures: []string{"F44"},
	Actor:    finding.ActorSCSCF,
	Seen:     "2xx to a REGISTER that removes contacts, while the 200 still lists them with time left, or nothing that follows (reginfo, Cx) shows their end.",
	Means:    "The device believes that it is gone and is still called. The registration lives on until it runs out.",
	Next:     "With Contact: *: use an explicit contact with expires=0, or mend the registrar. Otherwise compare the contact of the REGISTER with the one that is bound (port, user part, alias).",
	Example:  "REGISTER with Contact: * and Expires: 0 → 200 OK, the contact expires an hour later.",
	Needs:    finding.HasRejection,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			n := len(d.Requests)
			if n == 0 || d.Outcome != story.Rejected {
				continue
			}
			x := d.Requests[n-1]
			final := x.Final()
			if final == nil || final.Status >= 300 {
				continue
			}
			h := finding.Hit{Frames: []uint32{final.Hops[0].Frame, d.TriggerFrame}, Detail: statusLine(final) + ", the contact is kept", Doubt: lost(c)}
			if x.Register.Star {
				h.Detail = statusLine(final) + " to Contact: *, the contacts are kept"
			}
			report(h)
		}
	},
})
