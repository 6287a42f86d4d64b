package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "refresh-did-not-extend",
	Title:    "a refreshed registration ends at the time of an earlier grant",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.4",
	Failures: []string{"F43", "F69"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The network ends a contact just when the time of an earlier 200 is over, or 30 s later as a security association made then, although a later 200 has granted more.",
	Means:    "Some timer was not moved by the refresh: the lifetime of the security association in the P-CSCF, or an old expiry in the registrar. A device in service is thrown out again and again.",
	Next:     "See who ended it (REGISTER of the P-CSCF, NOTIFY of the S-CSCF) and compare with the lifetime that the P-CSCF gave to its security association at the first 200.",
	Example:  "200 at 10:00 for 3600 s, refreshed at 10:50, de-registered by the network at 11:00:00.",
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
			for i, old := range all {
				late := d.Started - old.Until
				if !lapsed(&old, late) && !lapsed(&old, late-associationAfterlife) || !slices.Contains(d.Contacts, old.Contact.URI) {
					continue
				}
				j := slices.IndexFunc(all[i+1:], func(g finding.Grant) bool {
					return g.Contact.Key == old.Contact.Key && g.At < d.Started && !unboundBetween(c.User, g.Contact.Key, old.At, g.At) && g.Until > d.Started+10*finding.Second+old.Seconds*finding.Second/10
				})
				if j < 0 {
					continue
				}
				g := all[i+1+j]
				report(finding.Hit{Frames: []uint32{d.TriggerFrame, old.Round.Final.Hops[0].Frame, g.Round.Final.Hops[0].Frame},
					Detail: fmt.Sprintf("ended after the %d s of the first 200, %s before the end of the refresh", old.Seconds, seconds(g.Until-d.Started))})
				break
			}
		}
	},
})

// associationAfterlife is how long a security association outlives the registration (TS 24.229 5.2.2).
const associationAfterlife = 30 * finding.Second

// lapsed reports whether a moment, so long after the end of a grant, is when a timer of the grant's length fires.
func lapsed(g *finding.Grant, late int64) bool {
	return late >= -2*finding.Second && late <= 5*finding.Second+g.Seconds*finding.Second/100
}

// unboundBetween reports whether a contact was de-registered between two moments: what came then is no refresh.
func unboundBetween(u *story.User, key string, from, to int64) bool {
	return slices.ContainsFunc(u.Bindings, func(b story.Binding) bool { return b.ContactKey == key && !b.Active && b.Ended > from && b.Ended <= to })
}
