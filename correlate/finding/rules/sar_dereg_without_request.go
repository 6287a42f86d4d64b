package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "sar-dereg-without-request",
	Title:    "the S-CSCF reports a de-registration by the user that the user did not ask for",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 29.228 6.1.2",
	Actor:    finding.ActorSCSCF,
	Seen:     "SAR with USER_DEREGISTRATION (5) or USER_DEREGISTRATION_STORE_SERVER_NAME (7), and no REGISTER that removes contacts in the half minute before.",
	Means:    "The HSS, and whoever reads its records, believes that the user left. In truth the network ended the registration, or it ran out.",
	Next:     "See what ended it. Expiry is to be reported as TIMEOUT_DEREGISTRATION (4, 6), an act of the operator as ADMINISTRATIVE_DEREGISTRATION (8).",
	Example:  "Contact expires at 11:00:00, SAR USER_DEREGISTRATION at 11:00:01.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !c.View.Gm && !c.View.Mw {
			return // it would not show the request either
		}
		for _, q := range c.Cx {
			if q.Name != "SAR" || q.AssignmentType != diameter.AssignUserDeregistration && q.AssignmentType != diameter.AssignUserDeregistrationStore || !q.Request.Seen() {
				continue
			}
			asked := false
			for _, r := range slices.Backward(before(c.Rounds(), q.FirstFrame())) {
				if q.FirstTime()-r.At() > timerFCore {
					break
				}
				asked = asked || r.Register.Removes()
			}
			if asked {
				continue
			}
			h := finding.Hit{Frames: []uint32{q.FirstFrame()}, Detail: diameter.ServerAssignmentTypeName(q.AssignmentType), Doubt: lost(c)}
			if q.FirstTime()-c.Start < timerFCore {
				h.Doubt = "the capture may begin behind the REGISTER"
			}
			report(h)
		}
	},
})
