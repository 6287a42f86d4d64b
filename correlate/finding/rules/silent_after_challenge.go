package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "silent-after-challenge",
	Title:    "the device does not answer the challenge",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.1.1.5.1",
	Failures: []string{"F62"},
	Actor:    finding.ActorUE,
	Seen:     "A 401 reached the device, and no REGISTER answers it: nothing follows, or it starts again from the beginning.",
	Means:    "The device gave up: the USIM could not verify AUTN (wrong K or OPc in the HSS), the algorithm or the security mechanism is unknown to it, or the 401 is malformed.",
	Next:     "Check K, OPc and AMF of the subscriber in the HSS; algorithm, qop, ck and ik in the 401; Security-Server. If Gm is encrypted, capture on Mw as well: the next REGISTER may travel in ESP.",
	Example:  "REGISTER → 401, then silence.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !slices.ContainsFunc(c.Rounds(), ignored) {
			return
		}
		answered := map[uint32]bool{} // NonceSum of every challenge that was answered
		last := map[string]*finding.Round{}
		for _, r := range c.Rounds() {
			answered[r.Register.Nonce] = true
			last[r.Register.IMPI] = r
		}
		told := map[string]bool{} // since the device was registered last
		for _, r := range c.Rounds() {
			impi := r.Register.IMPI
			if r.OK() {
				delete(told, impi)
			}
			n := fact.NonceSum(r.Register.Answer.Nonce)
			if !ignored(r) || n == 0 || answered[n] || told[impi] || loops(r) || removal(r.Register) || byProxy(c, r.Exchange) {
				continue
			}
			if _, _, ok := unsecured(c, r); ok {
				continue // that is why: another rule
			}
			again := last[impi] != r
			if _, ok := atPhone(c, r.Exchange, r.Final); c.View.Gm && !ok {
				continue // it did not get there: another rule
			}
			at := r.Final.Last().Time
			if !again && c.End-at < 5*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Final.Last().Frame, r.Frame()}, Detail: "no REGISTER follows"}
			switch {
			case again:
				h.Detail = "the device begins anew instead of answering"
				h.Doubt = lost(c)
			case r.Register.Answer.SecurityOffer && !onMw(&r.Request):
				h.Doubt = "the answer travels in ESP, which the capture may not show"
				h.Mild, h.HasMild = problem.Info, true
			default:
				h.Doubt = endsBefore(c, at, timerFCore)
			}
			if h.Doubt == "" {
				h.Doubt = requestsMissing(c)
			}
			told[impi] = true
			report(h)
		}
	},
})

// ignored reports whether nothing follows on a challenge in the same try: the device starts over with the next number, or
// not at all.
func ignored(r *finding.Round) bool {
	n := r.Next
	return r.Challenged() && (n == nil || n.CallID != r.CallID || n.CSeq == r.CSeq+1 && n.Challenged() && !n.Register.Response && !n.Register.AUTS)
}
