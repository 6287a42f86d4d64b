package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-event-contradicts-request",
	Title:    "the user asked for it, reginfo names another event than unregistered",
	Severity: problem.Warning,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"F04", "F06"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A REGISTER with expires=0 removed the contact; the NOTIFY gives expired, deactivated, probation or rejected as the event. expired is info: Kamailio's S-CSCF writes it always.",
	Means:    "Watchers take the user's wish for something else. After deactivated a phone registers again at once, after rejected it does not try again for long.",
	Next:     "Trust the REGISTER and its 200, not the event. Do not count causes of de-registrations by event at this core.",
	Example:  "REGISTER with expires=0, 200, <contact id=\"0x1\" state=\"terminated\" event=\"expired\" expires=\"0\" …>.",
	Needs:    finding.HasUserEnd | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Initiator != story.ByUser || len(d.Requests) == 0 || !d.Successful() {
				continue
			}
			mild := true
			h, found := misnamed(d, func(event string) string {
				if event == "unregistered" || event == "unknown" {
					return ""
				}
				mild = mild && event == "expired"
				return "the phone had asked for it"
			})
			if found {
				h.Frames = append(h.Frames, d.TriggerFrame)
				h.Mild, h.HasMild = problem.Info, mild
				report(h)
			}
		}
	},
})
