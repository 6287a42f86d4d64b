package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-contradicts-200",
	Title:    "reginfo ends a contact that the 200 has just granted",
	Severity: problem.Error,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"F07"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The registrar accepts a contact with an expiry above 0; a NOTIFY within two seconds says of the same contact terminated, with event unregistered or expired.",
	Means:    "Watchers drop a registration that is there. A phone that believes the NOTIFY registers again, and gets the same answer.",
	Next:     "See whether the NOTIFY belongs to an earlier de-registration. If not, the notifier has the event of another operation built in.",
	Example:  "200 with Contact: <sip:alice@10.0.0.1>;expires=3600, NOTIFY with state=\"terminated\" event=\"unregistered\" expires=\"0\".",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			for r, k := range t.contacts() {
				if k.State != reginfo.ContactTerminated || k.Event != reginfo.EventUnregistered && k.Event != reginfo.EventExpired {
					continue
				}
				x := grantedBefore(c, k.Key, r.AOR.Key, t.doc)
				if x == nil || wasEnding(c, k.Key, t.doc.Time) {
					continue
				}
				all.see(fmt.Sprint(x.FirstFrame()), finding.Hit{Frames: []uint32{t.frame(), success(x).First().Frame}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: %s terminated, event %q, %d ms after the 200", watcherName(t.sub), k.URI, k.Event, (t.doc.Time-success(x).First().Time)/1e6)})
			}
		}
		all.report(report)
	},
})

// grantedBefore gives the REGISTER that bound a contact within the two seconds before a document, nil if
// none did.
func grantedBefore(c *finding.Case, contact, aor string, d *story.Document) *fact.Exchange {
	x := c.Bound(contact, d.Frame)
	if x == nil || aor != x.To.Key && !hasKey(x.Register.Answer.Associated, aor) {
		return nil
	}
	if since := d.Time - success(x).First().Time; since < 0 || since > 2*finding.Second {
		return nil
	}
	return x
}

// wasEnding reports whether the removal of a contact was asked for, or ordered over Cx, or whether it
// ran out, within the two minutes before at: NOTIFYs of it may still be on their way.
func wasEnding(c *finding.Case, contact string, at int64) bool {
	const late = 130 * finding.Second
	for _, x := range c.Exchanges {
		if r := x.Register; r != nil && !r.ThirdParty && r.Removes() && at >= x.FirstTime() && at-x.FirstTime() < late {
			if r.Star || slices.ContainsFunc(r.Contacts, func(k fact.ContactValue) bool { return k.Key == contact && r.EffectiveExpires(k) == 0 }) {
				return true
			}
		}
	}
	for _, d := range c.User.Deregistrations {
		if d.Initiator == story.ByExpiry && d.Started < at && at-d.Started < late {
			return true
		}
	}
	return slices.ContainsFunc(c.Cx, func(x *fact.Cx) bool {
		return (x.Name == "RTR" || x.Name == "SAR" && x.AssignmentType > 3) && at >= x.FirstTime() && at-x.FirstTime() < late
	})
}
