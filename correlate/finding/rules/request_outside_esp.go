package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "request-outside-esp",
	Title:    "a request to a device with a security association leaves without protection",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.1",
	Failures: []string{"F58"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The device registered in ESP and is still registered; a NOTIFY, or a call or message that fails, goes to it outside of ESP.",
	Means:    "The device must drop it. What is told or asked in that way never reaches the user, calls included.",
	Next:     "See from which port the P-CSCF sends: it must be its protected client port, to the device's protected server port. Look whether the P-CSCF restarted.",
	Example:  "REGISTER and 200 in ESP, NOTIFY from 5060 in the clear.",
	Needs:    finding.HasTunnel,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var over few.Map[string, *finding.Round] // the registration in ESP, by address of the device
		rounds := c.Rounds()
		for _, x := range incoming(c) {
			for len(rounds) > 0 && rounds[0].Frame() <= x.FirstFrame() {
				r := rounds[0]
				rounds = rounds[1:]
				gm, ok := fromPhone(c, r.Exchange)
				switch phone := c.Addr(gm.Src); {
				case !ok:
				case removal(r.Register) || !inESP(c, gm) && over.Get(phone) != nil:
					over.Drop(phone)
				case r.OK() && inESP(c, gm):
					over.Put(phone, r)
				}
			}
			if !incomes(x) {
				continue
			}
			for _, h := range x.Request.Hops {
				r := over.Get(c.Addr(h.Dst))
				if r == nil || h.Vias < 2 || h.Frame < r.Final.Hops[0].Frame || inESP(c, h) || c.Role(h.Dst) != fact.RoleUE || ended(c, h.Time) {
					continue
				}
				report(finding.Hit{Frames: []uint32{h.Frame, r.Frame()}, Detail: x.Method.String() + " to " + c.Label(h.Dst) + " is not in ESP"})
				break
			}
		}
	},
})
