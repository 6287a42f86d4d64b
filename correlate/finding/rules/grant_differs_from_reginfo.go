package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "grant-differs-from-reginfo",
	Title:    "the 200 grants less time than reginfo says",
	Severity: problem.Info,
	Clause:   "see RFC 3680 5.1",
	Failures: []string{"F69"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY within two seconds of the 200 gives the contact more time than the 200, by more than 2 % and 5 s. Less is reginfo-expiry-short.",
	Means:    "Some registrars grant less in the 200 than they keep, to have a reserve. Harmless as long as the registrar keeps it for longer than it says; a device that reads reginfo refreshes later than one that reads the 200.",
	Next:     "If the registrar drops contacts early, compare with this.",
	Example:  "200 with expires=540000, reginfo with expires=\"599999\".",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var last few.Map[string, *finding.Grant] // by contact
		rounds := c.Rounds()
		for _, x := range c.Exchanges {
			if x.Notify == nil || x.Notify.Document == nil {
				continue
			}
			for len(rounds) > 0 && rounds[0].Frame() < x.FirstFrame() {
				if rounds[0].OK() {
					got := c.GrantsOf(rounds[0])
					for i := range got {
						last.Put(got[i].Contact.Key, &got[i])
					}
				}
				rounds = rounds[1:]
			}
			for i := range x.Notify.Document.Registrations {
				for j := range x.Notify.Document.Registrations[i].Contacts {
					k := &x.Notify.Document.Registrations[i].Contacts[j]
					g := last.Get(k.Key)
					if g == nil || k.State != reginfo.ContactActive || k.Expires == fact.Absent {
						continue
					}
					since := x.FirstTime() - g.At
					more := k.Expires - g.Seconds
					if since < 0 || since > 2*finding.Second || more <= max(5, g.Seconds/50) {
						continue
					}
					h := finding.Hit{Frames: []uint32{x.FirstFrame(), g.Round.Final.Hops[0].Frame}, Detail: fmt.Sprintf("200: %d s, reginfo: %d s", g.Seconds, k.Expires)}
					report(h)
					return // it is the registrar's way with all of them
				}
			}
		}
	},
})
