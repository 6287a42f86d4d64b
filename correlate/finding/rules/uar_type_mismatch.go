package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "uar-type-mismatch",
	Title:    "the I-CSCF tells the HSS the wrong purpose of a REGISTER",
	Severity: problem.Warning,
	Clause:   "3GPP TS 29.228 6.1.1",
	Actor:    finding.ActorICSCF,
	Seen:     "User-Authorization-Type DE_REGISTRATION for a REGISTER that binds a contact, or another type for one that only removes contacts.",
	Means:    "With DE_REGISTRATION the HSS does not check roaming and may answer 5003; without it a user who leaves may be refused for want of permission to register.",
	Next:     "See how the I-CSCF reads the expiry: the parameter of the Contact has precedence over the Expires header.",
	Example:  "REGISTER with expires=3600, UAR with User-Authorization-Type DE_REGISTRATION (1).",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			reg := r.Register
			if !reg.Binds() && !reg.Removes() || reg.Binds() && reg.Removes() || byProxy(c, r.Exchange) {
				continue
			}
			var room [8]*fact.Cx
			for _, q := range asked(room[:0], c, r) {
				if q.Name != "UAR" || len(q.Public) > 0 && q.Public[0].Key != r.To.Key || otherRound(c, r, q) {
					continue
				}
				var h finding.Hit
				switch {
				case q.AuthorizationType == diameter.AuthDeregistration && reg.Binds():
					h.Detail = "DE_REGISTRATION for a REGISTER that binds a contact"
				case q.AuthorizationType != diameter.AuthDeregistration && reg.Removes():
					h.Detail = "REGISTRATION for a REGISTER that removes contacts"
					if q.AuthorizationType == fact.Absent {
						h.Detail = "no User-Authorization-Type, which means REGISTRATION, for a REGISTER that removes contacts"
					}
					if r.OK() || r.Challenged() {
						h.Mild, h.HasMild = problem.Info, true // it did no harm
					}
				default:
					continue
				}
				h.Frames = []uint32{q.FirstFrame(), r.Frame()}
				report(h)
			}
		}
	},
})

// otherRound reports whether a transaction may belong to another REGISTER of the user that is under way.
func otherRound(c *finding.Case, r *finding.Round, q *fact.Cx) bool {
	list := before(c.Rounds(), q.FirstFrame())
	for _, o := range list[max(0, len(list)-maxAsked):] {
		if o != r && r.At()-o.At() < timerFGm && (o.Final == nil || o.Final.Last().Frame > q.FirstFrame()) {
			return true
		}
	}
	return false
}
