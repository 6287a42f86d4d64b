package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "sar-failed",
	Title:    "the HSS refuses what the S-CSCF assigns, and the S-CSCF goes on",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 29.228 6.1.2",
	Actor:    finding.ActorHSS,
	Seen:     "A Server-Assignment-Answer with an error, while no REGISTER fails because of it.",
	Means:    "HSS and S-CSCF now disagree on the user's registration: calls may not find the user, or go to an S-CSCF that has dropped it.",
	Next:     "5001, 5002: identities of the request. 5005: the HSS knows another S-CSCF. 5007: the type does not fit the state. Look at both sides' state of the user.",
	Example:  "SAR USER_DEREGISTRATION, SAA 5001 DIAMETER_ERROR_USER_UNKNOWN, 200 OK to the device.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, q := range c.Cx {
			if q.Name != "SAR" || !q.Answer.Seen() || q.Succeeded() || explains(c, q) {
				continue
			}
			detail := outcome(q)
			if q.AssignmentType != fact.Absent {
				detail += " to " + diameter.ServerAssignmentTypeName(q.AssignmentType)
			}
			report(finding.Hit{Frames: cxFrames(q), Detail: detail})
		}
	},
})
