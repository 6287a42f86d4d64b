package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "integrity-protected-from-phone",
	Title:    "the device itself says that its request was protected",
	Severity: problem.Warning,
	Clause:   "3GPP TS 24.229 7.2A.2",
	Actor:    finding.ActorUE,
	Seen:     "integrity-protected in the Authorization header of a REGISTER on Gm. The P-CSCF inserts it, behind the device.",
	Means:    "If the P-CSCF lets the value pass, the registrar takes the device's word for protection that may not exist.",
	Next:     "Look at the same REGISTER on Mw: the P-CSCF must have replaced the value by its own.",
	Example:  "Authorization: Digest …, integrity-protected=\"yes\" from the phone.",
	Needs:    finding.HasLeak,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if h, ok := fromPhone(c, r.Exchange); ok && r.Register.IntegrityAtSource {
				hit := finding.Hit{Frames: []uint32{h.Frame}, Detail: "the device wrote integrity-protected"}
				if onMw(&r.Request) {
					hit.Detail += fmt.Sprintf("; on Mw it says %q", r.Register.Integrity)
				}
				report(hit)
			}
		}
	},
})
