package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-unreadable",
	Title:    "a reginfo document cannot be read",
	Severity: problem.Warning,
	Clause:   "RFC 3680 5",
	Actor:    finding.ActorSCSCF,
	Seen:     "The body of a NOTIFY says that it is a reginfo document and is none, or is compressed (Content-Encoding, or a part in base64).",
	Means:    "What this watcher was told is not known here, and the watcher may not have understood it either: what is said of its view is that of the document before.",
	Next:     "Look at the body. See how the NOTIFY was answered: 200 to a body that is no XML means that nobody reads it.",
	Example:  "Content-Type: application/reginfo+xml, Content-Encoding: gzip.",
	Needs:    finding.HasUnread,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for _, s := range c.User.Subscriptions {
			for _, x := range s.Exchanges {
				if x.Notify != nil && x.Notify.Unread && x.Request.Seen() {
					all.see(s.CallID, finding.Hit{Frames: []uint32{x.FirstFrame()}, Detail: watcherName(s) + ": answered " + answerText(x)})
				}
			}
		}
		all.report(report)
	},
})
