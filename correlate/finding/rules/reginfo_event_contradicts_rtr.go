package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-event-contradicts-rtr",
	Title:    "event in reginfo does not fit the HSS's reason",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 4.7.1, 3GPP TS 24.229 5.4.1.5",
	Failures: []string{"F05"},
	Actor:    finding.ActorSCSCF,
	Seen:     "After a Registration-Termination-Request the NOTIFY names another event than the Reason-Code asks for: rejected for PERMANENT_TERMINATION, deactivated for NEW_SERVER_ASSIGNED and SERVER_CHANGE; never expired.",
	Means:    "The event decides what the phone does: deactivated makes it register again at once, rejected keeps it from trying, expired leaves it to the phone. So it stays away where it should come back, or the other way round.",
	Next:     "Compare Reason-Code in the RTR with the event. See what the phone does next.",
	Example:  "RTR with Reason-Code REMOVE_S-CSCF, then <contact … state=\"terminated\" event=\"expired\">.",
	Needs:    finding.HasTrigger | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Trigger == nil || d.Trigger.Name != "RTR" {
				continue
			}
			mild := true
			h, found := misnamed(d, func(event string) string {
				reason := fmt.Sprintf("the RTR's reason is %d", d.Trigger.ReasonCode)
				switch {
				case event == "expired":
					mild = false
				case event == "rejected" && (d.Trigger.ReasonCode == 1 || d.Trigger.ReasonCode == 2):
					mild = false
					reason += ", which invites to register again"
				case event == "deactivated" && d.Trigger.ReasonCode == 0:
					reason += ", after which registering again is no use" // left to the operator
				default:
					return ""
				}
				return reason
			})
			if found {
				h.Frames = append(h.Frames, d.TriggerFrame)
				h.Mild, h.HasMild = problem.Info, mild
				report(h)
			}
		}
	},
})
