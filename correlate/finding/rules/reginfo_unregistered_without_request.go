package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-unregistered-without-request",
	Title:    "reginfo says unregistered, but the phone had not asked for it",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"F06"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact ends with event=\"unregistered\" although no REGISTER removed it: the HSS or the S-CSCF did.",
	Means:    "unregistered stands for the user's own wish. A phone that believes it does not register again, and whoever counts events takes network-initiated de-registrations for the user's.",
	Next:     "Look for the real trigger: RTR, SAR with an administrative type, replacement of the contact. Some notifiers know no other word than unregistered.",
	Example:  "RTR and RTA, then <contact … state=\"terminated\" event=\"unregistered\" …>.",
	Needs:    finding.HasNetworkEnd | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var said few.Map[uint32, bool] // documents; one may end several contacts, each for a reason of its own
		for _, d := range c.User.Deregistrations {
			if d.Initiator != story.ByNetwork || len(d.Requests) > 0 {
				continue
			}
			h, found := misnamed(d, func(event string) string {
				if event != "unregistered" {
					return ""
				}
				return "nobody asked for it with a REGISTER"
			})
			switch {
			case !found, said.Get(h.Frames[0]):
				continue
			case d.Trigger != nil:
				h.Detail += ", the trigger was " + d.Trigger.Name
				h.Frames = append(h.Frames, d.TriggerFrame)
			case !c.View.Mw:
				h.Doubt = "a REGISTER may have taken a way that the capture does not show"
			case requestsMissing(c) != "":
				h.Doubt = requestsMissing(c)
			case c.View.Damaged:
				h.Doubt = "the capture lost packets"
			}
			said.Put(h.Frames[0], true)
			report(h)
		}
	},
})
