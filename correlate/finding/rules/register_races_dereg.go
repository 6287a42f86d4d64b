package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-races-dereg",
	Title:    "a new REGISTER is refused while the old registration is still being taken down",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.2.2",
	Failures: []string{"F48"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER within 20 s of the end of a binding of the user, answered 500.",
	Means:    "The P-CSCF or S-CSCF still works on the end (a NOTIFY is pending, the contact is locked). The device must wait and try again; some wait for minutes.",
	Next:     "Look at the NOTIFY of the end: was it answered at once? Retry-After in the 500 tells the device how long to wait.",
	Example:  "Contact expired at 10:00:00, REGISTER at 10:00:04 → 500 Deregister in progress.",
	Needs:    finding.HasRefusal | finding.HasEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !racing(c, r) {
				continue
			}
			d := endingAt(c, r.At())
			h := finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: statusLine(r.Final) + " " + seconds(max(r.At()-d.Started, 0)) + " after the end began"}
			if d.TriggerFrame != 0 {
				h.Frames = append(h.Frames, d.TriggerFrame)
			}
			if recovers(r) {
				h.Mild, h.HasMild = problem.Info, true
			}
			report(h)
		}
	},
})

// racing reports whether a REGISTER was answered 500 because a de-registration was under way.
func racing(c *finding.Case, r *finding.Round) bool {
	return r.Status() == 500 && !removal(r.Register) && hssFailure(c, r) == nil && endingAt(c, r.At()) != nil
}

// endingAt returns the de-registration that began within the 20 s before a moment, nil if none did.
func endingAt(c *finding.Case, at int64) *story.Deregistration {
	for _, d := range c.User.Deregistrations {
		if d.Successful() && d.Started <= at && at-d.Started <= 20*finding.Second {
			return d
		}
	}
	return nil
}
