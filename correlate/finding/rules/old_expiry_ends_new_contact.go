package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "old-expiry-ends-new-contact",
	Title:    "the end of an old contact takes the new contact of the device along",
	Severity: problem.Error,
	Clause:   "see RFC 3261 10.3",
	Failures: []string{"F49"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A device has registered again with a new address or port. When the time of its old contact is over, the network ends the new one, which has time left.",
	Means:    "The registrar or the P-CSCF removes by user or by instance instead of by contact. The user is unreachable until the next refresh.",
	Next:     "Compare the time of the end with the first 200; see whether it hits every device that changes its port.",
	Example:  "Contact :5060 granted 3600 s at 10:00, contact :5070 at 10:30, :5070 ended at 11:00.",
	Needs:    finding.HasNetworkEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		all := c.Grants()
		if len(all) > maxLook {
			all = all[len(all)-maxLook:]
		}
		for _, d := range c.User.Deregistrations {
			if d.Initiator != story.ByNetwork && d.Initiator != story.ByExpiry || !d.Successful() || d.Trigger != nil {
				continue
			}
			i := slices.IndexFunc(all, func(old finding.Grant) bool {
				late := d.Started - old.Until
				return late >= -2*finding.Second && late <= 5*finding.Second+old.Seconds*finding.Second/100 && !slices.Contains(d.Contacts, old.Contact.URI)
			})
			if i < 0 {
				continue
			}
			old := all[i]
			j := slices.IndexFunc(all[i+1:], func(g finding.Grant) bool {
				same := g.Contact.Instance != "" && g.Contact.Instance == old.Contact.Instance || c.Addr(g.Round.Request.Hops[0].Src) == c.Addr(old.Round.Request.Hops[0].Src)
				return same && slices.Contains(d.Contacts, g.Contact.URI) && g.At < d.Started && g.Until > d.Started+10*finding.Second+g.Seconds*finding.Second/10
			})
			if j < 0 {
				continue
			}
			g := all[i+1+j]
			report(finding.Hit{Frames: []uint32{d.TriggerFrame, old.Round.Final.Hops[0].Frame, g.Round.Final.Hops[0].Frame},
				Detail: fmt.Sprintf("%s ended with %s left, when the %d s of %s were over", g.Contact.URI, seconds(g.Until-d.Started), old.Seconds, old.Contact.URI)})
		}
	},
})
