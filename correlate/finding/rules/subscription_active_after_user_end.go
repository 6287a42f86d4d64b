package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscription-active-after-user-end",
	Title:    "subscription goes on after the user ended the last registration",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.4, 5.4.2.1.2",
	Failures: []string{"F04"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The phone de-registers, nothing is registered any more, and the NOTIFY that says so has Subscription-State: active.",
	Means:    "The phone is about to leave, its subscription stays: each later change of the user's registration is sent to a phone that is gone, until the subscription runs out.",
	Next:     "Look for later NOTIFYs in this dialog and their answers. Kamailio's S-CSCF has a parameter for this: ue_unsubscribe_on_dereg.",
	Example:  "REGISTER with expires=0, then NOTIFY with state=\"terminated\" and Subscription-State: active;expires=599997.",
	Needs:    finding.HasUserEnd | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		alive(c, func(initiator string) bool { return initiator == story.ByUser }, report)
	},
})
