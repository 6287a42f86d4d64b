package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "stray-mar",
	Title:    "the S-CSCF asks for a vector after the REGISTER was refused",
	Severity: problem.Info,
	Clause:   "see 3GPP TS 24.229 5.3.1.3",
	Failures: []string{"F66"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A MAR within two seconds behind the final error to a REGISTER, while no other REGISTER of the user is under way.",
	Means:    "A node answered before its own Cx work was done, mostly when one S-CSCF was down and the next one was tried. It costs a vector; sequence numbers may run ahead.",
	Next:     "Look which S-CSCF sent the MAR and which one the REGISTER went to.",
	Example:  "504 to the device, MAR 15 ms later.",
	Needs:    finding.HasCx | finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		rounds := c.Rounds()
		for i, r := range rounds {
			if r.Final == nil || r.Status() < 400 || r.Challenged() {
				continue
			}
			end := r.Final.Hops[0]
			tail := c.Cx[from(c.Cx, end.Frame):]
			for _, q := range tail[:min(len(tail), maxAsked)] {
				if q.FirstTime()-end.Time > 2*finding.Second || i+1 < len(rounds) && rounds[i+1].Frame() < q.FirstFrame() {
					break
				}
				if q.Name == "MAR" && q.Request.Seen() && identity.SameIMPI(q.UserName, r.Register.IMPI) {
					report(finding.Hit{Frames: []uint32{q.FirstFrame(), end.Frame}, Detail: "MAR " + seconds(q.FirstTime()-end.Time) + " after " + statusLine(r.Final)})
					break
				}
			}
		}
	},
})
