package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "answer-not-delivered",
	Title:    "the answer to a REGISTER does not reach the device",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.2.2",
	Failures: []string{"F61"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The capture shows the REGISTER on Gm and its answer on Mw, but the answer never appears on Gm, or goes to another address there.",
	Means:    "The registrar believes that the user is registered (or gone) and the device does not: it repeats the REGISTER and ends without service.",
	Next:     "See where the answer was last seen. At the P-CSCF: has it still the security association, does it send to the device's present address and port?",
	Example:  "200 S-CSCF → I-CSCF → P-CSCF, nothing to the UE, REGISTER again.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		there, looked := false, false // the capture shows answers on Gm
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			if !ok || r.Final == nil || reached(c, r) {
				continue
			}
			last := r.Final.Last()
			astray := last.Vias <= 1 && !passes(c, r, last.Dst)
			if !astray && (last.Vias <= 1 || !onMw(&r.Request)) || c.End-last.Time < finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{last.Frame, gm.Frame}, Detail: statusLine(r.Final) + " last seen at " + c.Label(last.Dst), Doubt: lost(c)}
			if astray {
				h.Detail = statusLine(r.Final) + " went to " + c.Addr(last.Dst) + ", the REGISTER came from " + c.Addr(gm.Src)
			}
			if inESP(c, gm) {
				h.Detail += "; the REGISTER came in ESP"
			}
			if !looked {
				there, looked = answersOnGm(c), true
			}
			switch {
			case astray:
			case r.Register.SecurityOld && !there:
				h.Doubt = "the answer travels in ESP, which the capture may not show"
			case !there:
				h.Doubt = "the capture shows no answer to this device at all"
			case h.Doubt == "":
				h.Doubt = unrepeated(c, &r.Request)
			}
			if why := goesOn(c, r); why != "" {
				h.Doubt = why
				h.Mild, h.HasMild = problem.Info, true
			} else if removal(r.Register) {
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})

// passes reports whether a node passed a REGISTER on, without a Via of its own as balancers of load do.
func passes(c *finding.Case, r *finding.Round, node fact.NodeID) bool {
	return slices.ContainsFunc(r.Request.Hops, func(h fact.Hop) bool { return c.Addr(h.Src) == c.Addr(node) })
}

// answersOnGm reports whether the capture shows the answer to a forwarded REGISTER on its way to the device.
func answersOnGm(c *finding.Case) bool {
	return slices.ContainsFunc(c.Rounds(), func(r *finding.Round) bool {
		_, ok := atPhone(c, r.Exchange, r.Final)
		return ok && onMw(&r.Request)
	})
}

// goesOn says how the device shows that it has got the answer all the same.
func goesOn(c *finding.Case, r *finding.Round) string {
	last := r.Final.Last()
	if n := r.Next; r.Challenged() && n != nil && n.Register.Nonce == fact.NonceSum(r.Register.Answer.Nonce) {
		return "the device answers the challenge, so the capture has lost it on Gm"
	}
	for _, h := range r.Request.Hops {
		if h.Repeat && h.Frame > last.Frame {
			return "" // it is still waiting
		}
	}
	phone := c.Addr(r.Request.Hops[0].Src)
	list := since(c.Exchanges, last.Frame)
	for _, x := range list[:min(len(list), maxAsked)] {
		if gm, ok := fromPhone(c, x); r.OK() && ok && x.Subscribe != nil && c.Addr(gm.Src) == phone && x.FirstTime()-last.Time < timerFGm {
			return "the device goes on to subscribe, so the capture has lost it on Gm"
		}
	}
	return ""
}

// reached reports whether any final response to a REGISTER came to the device.
func reached(c *finding.Case, r *finding.Round) bool {
	for i := range r.Responses {
		if r.Responses[i].Status >= 200 {
			if _, ok := atPhone(c, r.Exchange, &r.Responses[i]); ok {
				return true
			}
		}
	}
	return false
}
