package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "registrar-lost-state",
	Title:    "the registrar does not know a registration that still runs",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.2.2",
	Failures: []string{"C.5"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A refresh within the granted time that is answered 404, 481 or 500, or for which the HSS says FIRST_REGISTRATION.",
	Means:    "The S-CSCF has lost its bindings (a restart, a move to another S-CSCF) or the HSS has lost the S-CSCF. Until the device registers anew, calls to it fail. A rule of the book, not taken from a known case.",
	Next:     "See whether others lose their registrations at the same time; look for a restart of the S-CSCF or a change of Server-Name in the UAAs.",
	Example:  "REGISTER at half of the granted time, integrity-protected=\"yes\" → 500.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			why := forgotten(c, r)
			if why == "" {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: why}
			if r.Final != nil {
				h.Frames = append(h.Frames, r.Final.Hops[0].Frame)
			}
			report(h)
		}
	},
})

// forgotten says how the network shows that it does not know a registration that a REGISTER refreshes;
// "" if it does not show that.
func forgotten(c *finding.Case, r *finding.Round) string {
	if r.Status() < 400 && len(c.Cx) == 0 || running(c, r) == nil || overtaken(r) {
		return ""
	}
	if !removal(r.Register) && r.Final != nil && !racing(c, r) {
		switch r.Status() {
		case 404, 480, 481, 500, 504: // 504: S-CSCF restoration, TS 24.229 5.4.1.2.2
			if hssFailure(c, r) == nil && r.Final.Hops[0].Vias >= 2 {
				return statusLine(r.Final) + " within the granted time"
			}
		}
	}
	var room [8]*fact.Cx
	for _, q := range asked(room[:0], c, r) {
		if q.Name == "UAR" && q.Experimental == firstRegistration && q.AuthorizationType != diameter.AuthDeregistration && len(q.Public) > 0 && q.Public[0].Key == r.To.Key {
			return "the HSS says FIRST_REGISTRATION within the granted time"
		}
	}
	return ""
}

// overtaken reports whether the device had removed what it refreshes when that was answered.
func overtaken(r *finding.Round) bool {
	for n := r.Next; n != nil && r.Final != nil && n.At() < r.Done(); n = n.Next {
		if removal(n.Register) && n.OK() {
			return true
		}
	}
	return false
}

// running returns the registration of the same device that a REGISTER meets, nil if none runs at that
// moment as far as the capture knows.
func running(c *finding.Case, r *finding.Round) *finding.Round {
	p := accepted(r)
	if p == nil || !p.Register.Binds() || removal(p.Register) || p.To.Key != r.To.Key {
		return nil
	}
	for _, k := range p.Register.Contacts {
		asked := p.Register.EffectiveExpires(k)
		got, _ := p.Register.Granted(k)
		if got == fact.Absent {
			got = asked
		}
		if asked != 0 && got > 0 && r.At() < p.Done()+got*finding.Second && !endedBetween(c, p.Done(), r.At()) {
			return p
		}
	}
	return nil
}
