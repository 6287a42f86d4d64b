package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "sar-authentication-failed",
	Title:    "the S-CSCF reports a failed registration to the HSS",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 29.228 6.1.2",
	Failures: []string{"C.4"},
	Actor:    finding.ActorSCSCF,
	Seen:     "SAR with AUTHENTICATION_FAILURE (9), AUTHENTICATION_TIMEOUT (10) or DEREGISTRATION_TOO_MUCH_DATA (11).",
	Means:    "9: the device's response was wrong. 10: the device did not answer the challenge within four minutes. 11: the profile is larger than the S-CSCF can take. It is the S-CSCF's own word for why the user is not registered.",
	Next:     "9 and 10: key, operator code and algorithm of the subscriber, and whether the 401 reached the device. 11: size of the profile.",
	Example:  "SAR AUTHENTICATION_TIMEOUT four minutes after the 401.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, q := range c.Cx {
			if q.Name == "SAR" && q.AssignmentType >= 9 && q.AssignmentType <= 11 && q.Request.Seen() {
				report(finding.Hit{Frames: []uint32{q.FirstFrame()}, Detail: diameter.ServerAssignmentTypeName(q.AssignmentType)})
			}
		}
	},
})
