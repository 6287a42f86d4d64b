package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscription-active-after-network-end",
	Title:    "subscription goes on after the network ended every registration",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.5, 5.4.2.1.2",
	Failures: []string{"F03"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY tells that the last registration ended, by the network or by expiry, and says Subscription-State: active.",
	Means:    "Phone and P-CSCF keep a dead subscription. Later NOTIFYs run into phones that are gone and time out; over many users that has brought S-CSCFs down.",
	Next:     "Look for NOTIFYs in the same dialog after this one, and whether they are answered. Check the S-CSCF's release.",
	Example:  "reginfo with every <registration … state=\"terminated\">, Subscription-State: active;expires=599997.",
	Needs:    finding.HasNetworkEnd | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		alive(c, func(initiator string) bool { return initiator != story.ByUser }, report)
	},
})
