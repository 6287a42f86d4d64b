package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "transport-switched",
	Title:    "a request to the device changes the transport and gets no answer",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.2",
	Failures: []string{"F59"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The device registered over TCP, a NOTIFY, a call or a message goes to it over UDP (or the other way round), and nothing comes back.",
	Means:    "Security association, NAT binding or firewall are made for the transport of the registration: what comes over the other one is dropped without a word.",
	Next:     "Look at the transport parameter of Contact, Record-Route and Path; make the P-CSCF reuse the connection of the registration.",
	Example:  "REGISTER over TCP, NOTIFY over UDP six times, no 200.",
	Needs:    finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var at few.Map[string, *finding.Round] // last REGISTER, by address of the device
		rounds := c.Rounds()
		for _, x := range incoming(c) {
			for len(rounds) > 0 && rounds[0].Frame() <= x.FirstFrame() {
				if gm, ok := fromPhone(c, rounds[0].Exchange); ok && rounds[0].OK() {
					at.Put(c.Addr(gm.Src), rounds[0])
				}
				rounds = rounds[1:]
			}
			if !incomes(x) || !inVain(x) || ended(c, x.FirstTime()) {
				continue
			}
			for _, h := range x.Request.Hops {
				r := at.Get(c.Addr(h.Dst))
				if r == nil || h.Vias < 2 || c.Role(h.Dst) != fact.RoleUE || responds(c, x, c.Addr(h.Dst)) || (h.Pieces == 0) == (r.Request.Hops[0].Pieces == 0) {
					continue
				}
				hit := finding.Hit{Frames: []uint32{h.Frame, r.Frame()}, Detail: x.Method.String() + " over UDP, registered over TCP", Doubt: endsBefore(c, h.Time, timerFCore)}
				if h.Pieces == 0 {
					hit.Detail = x.Method.String() + " over TCP, registered over UDP"
				}
				if n := x.Request.Repeats(); n >= 3 {
					hit.Doubt = lost(c) // time enough
				}
				report(hit)
				break
			}
		}
	},
})

// inVain reports whether a request got no answer but, at most, that of a proxy that had waited in vain.
func inVain(x *fact.Exchange) bool {
	final := x.Final()
	if final == nil {
		return true
	}
	switch final.Status {
	case 408, 480, 487, 504:
		return true
	}
	return false
}
