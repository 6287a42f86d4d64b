package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "dereg-rejected",
	Title:    "a de-registration is rejected",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.4",
	Failures: []string{"F38", "F44"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A REGISTER that removes contacts gets a final error other than a challenge.",
	Means:    "The device is off all the same; the network may hold it for registered until the time runs out. 481 and 404 say that the network had ended the registration before: then nothing is lost.",
	Next:     "481, 404: look for an expiry or a network de-registration just before. 403: identity and credentials. 400 to Contact: *: the registrar or the P-CSCF does not know that form.",
	Example:  "REGISTER with Contact: * and Expires: 0 → 400 Bad Request.",
	Needs:    finding.HasRejection,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			x, final := refusedRemoval(d)
			if x == nil || final.Status == 423 || final.Status == 482 || final.Status == 483 || final.Status == 494 || deregFailure(c, x) != nil || misusesStar(x.Register) {
				continue
			}
			if r := roundOf(c, x); r != nil && unprotected(c, r) {
				continue
			}
			h := finding.Hit{Frames: []uint32{final.Hops[0].Frame, x.FirstFrame()}, Detail: statusLine(final) + " from " + c.Label(final.Hops[0].Src)}
			if x.Register.Star {
				h.Detail += " to Contact: *"
			}
			if (final.Status == 481 || final.Status == 404 || final.Status == 480) && len(c.User.Bindings) > 0 && !boundAt(c, x.FirstTime()) {
				h.Detail += "; nothing was bound any more"
				h.Mild, h.HasMild = problem.Info, true
			}
			report(h)
		}
	},
})

// refusedRemoval returns the REGISTER with which a de-registration failed and its final response, nil if
// it did not fail so.
func refusedRemoval(d *story.Deregistration) (*fact.Exchange, *fact.Message) {
	n := len(d.Requests)
	if n == 0 || d.Outcome != story.Rejected {
		return nil, nil
	}
	x := d.Requests[n-1]
	final := x.Final()
	if final == nil || final.Status < 300 || final.Status == 401 || final.Status == 407 || final.Status == 408 || !x.Request.Seen() {
		return nil, nil
	}
	return x, final
}

// deregFailure finds the Cx transaction that explains the refusal of a REGISTER that removes contacts.
func deregFailure(c *finding.Case, x *fact.Exchange) *failure {
	return hssFailure(c, &finding.Round{Exchange: x, Final: x.Final()})
}

// boundAt reports whether anything of the user was bound at a moment.
func boundAt(c *finding.Case, at int64) bool {
	for i := range c.User.Bindings {
		if b := &c.User.Bindings[i]; b.Registered <= at && (b.Active || b.Ended > at) {
			return true
		}
	}
	return false
}
