package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-rejected",
	Title:    "a registration is rejected, and nothing in the capture says why",
	Severity: problem.Error,
	Clause:   "RFC 3261 10.3",
	Actor:    finding.ActorSCSCF,
	Seen:     "A final response from 400 on to a REGISTER that binds a contact, other than a challenge, 423 and those that other rules explain.",
	Means:    "The user is not registered, or no longer from the end of the last grant on.",
	Next:     "Look at the node that sent it first. 403: wrong response, roaming, barred; 480, 500, 503, 504: S-CSCF, HSS or overload; 400: a header that it does not like. Capture Cx to see the HSS's word.",
	Example:  "REGISTER with response → 403 Forbidden.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		looked := false
		var disagrees few.Map[*finding.Round, bool] // what Security-Verify explains
		for _, r := range c.Rounds() {
			if refused(c, r) != refusedOtherwise || r.Status() < 400 || r.Status() == 408 || removal(r.Register) || racing(c, r) || forgotten(c, r) != "" || overtaken(r) || expelled(c, r) {
				continue
			}
			if !looked {
				looked = true
				for r := range disagreements(c) {
					disagrees.Put(r, true)
				}
			}
			if badURI(r.Register, r.RequestURI) != "" || misusesStar(r.Register) || disagrees.Get(r) {
				continue
			}
			from := r.Final.Hops[0]
			h := finding.Hit{Frames: []uint32{from.Frame, r.Frame()}, Detail: statusLine(r.Final) + " from " + c.Label(from.Src)}
			if r.Prev != nil && r.Prev.Challenged() && r.Register.Response && r.Status() == 403 {
				h.Detail += " to the answer to a challenge"
			}
			if recovers(r) {
				h.Detail += ", accepted at the next try"
				h.Mild, h.HasMild = problem.Info, true
			}
			report(h)
		}
	},
})

// recovers reports whether a refused REGISTER is accepted at the next try, challenges in between included: soon, or when
// the registrar had asked the phone to come again.
func recovers(r *finding.Round) bool {
	n := r.Next
	if n == nil || n.At()-r.Done() >= timerFCore+max(r.Register.Answer.RetryAfter, 0)*finding.Second {
		return false
	}
	for i := 0; n != nil && n.Challenged() && i < 4; i++ {
		n = n.Next
	}
	return n != nil && n.OK()
}

// expelled reports whether the HSS had ended the subscription of the device for good, and no REGISTER of it was accepted
// since.
func expelled(c *finding.Case, r *finding.Round) bool {
	if !c.Has(finding.HasTrigger) {
		return false
	}
	for _, d := range slices.Backward(c.User.Deregistrations) {
		q := d.Trigger
		if q == nil || q.Name != "RTR" || q.ReasonCode != 0 || !d.Successful() || d.Started >= r.At() || !identity.SameIMPI(q.UserName, r.Register.IMPI) {
			continue
		}
		return !slices.ContainsFunc(c.Rounds(), func(o *finding.Round) bool {
			return o.At() > d.Started && o.At() < r.At() && o.OK() && o.Register.Binds() && identity.SameIMPI(o.Register.IMPI, r.Register.IMPI)
		})
	}
	return false
}
