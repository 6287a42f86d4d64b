package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-without-icid",
	Title:    "charging identifier of the SUBSCRIBE is missing in the NOTIFY",
	Severity: problem.Info,
	Clause:   "see 3GPP TS 24.229 5.4.2.1.2",
	Failures: []string{"F33"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The SUBSCRIBE carries P-Charging-Vector with an icid-value, a NOTIFY of its dialog as it leaves the S-CSCF has none.",
	Means:    "Charging records and traces of the subscription cannot be joined by the ICID. Service is not affected.",
	Next:     "Nothing, unless charging data is missing.",
	Example:  "SUBSCRIBE with P-Charging-Vector: icid-value=\"AyretyU0dm+6O2IrT5tAFrbHLso=023551022\", NOTIFY without P-Charging-Vector.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for _, s := range c.User.Subscriptions {
			x := firstSubscribe(s)
			if x == nil || x.Subscribe.ICID == "" {
				continue
			}
			for _, n := range s.Exchanges {
				// A P-CSCF takes the header away on its way to the phone: only the first hop counts.
				if n.Notify != nil && n.Notify.ICID == "" && n.Request.Seen() && n.Request.First().Vias == 1 {
					all.see("", finding.Hit{Frames: []uint32{n.FirstFrame(), x.FirstFrame()}, Detail: watcherName(s) + ": the SUBSCRIBE had " + x.Subscribe.ICID + ", the NOTIFY has none"})
					break
				}
			}
		}
		all.report(report)
	},
})
