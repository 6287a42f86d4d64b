package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "dereg-by-other-identity",
	Title:    "a contact is removed with the credentials of another subscription",
	Severity: problem.Error,
	Clause:   "RFC 3261 10.3",
	Failures: []string{"F47"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A REGISTER that removes contacts is accepted, though its private identity has never registered this public identity, while another private identity has bound what it removes.",
	Means:    "Somebody can wipe the registration of somebody else: the registrar checks the password, but not whether this user may act for that identity.",
	Next:     "Compare To with the implicit set of the Authorization username in the HSS. If the set is right, the S-CSCF does not check it.",
	Example:  "To: <sip:bob@home1.net>, username=\"alice@home1.net\", expires=0 → 200 OK.",
	Needs:    finding.HasManyIMPIs,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		// Which public identities a private one may act for, as far as earlier answers tell.
		may := map[string]map[string]bool{}
		type binding struct{ aor, contact string }
		owner := map[binding]*finding.Round{} // who bound a contact under an identity
		last := map[string]*finding.Round{}   // who bound anything under an identity last
		for _, q := range c.Cx {
			for _, p := range q.Profile {
				allow(may, q.UserName, p.Key)
			}
		}
		for _, r := range c.Rounds() {
			impi := r.Register.IMPI
			if !r.OK() || impi == "" {
				continue
			}
			if r.Register.Binds() {
				allow(may, impi, r.To.Key)
				for _, a := range r.Register.Answer.Associated {
					allow(may, impi, a.Key)
				}
				for _, k := range r.Register.Contacts {
					owner[binding{r.To.Key, k.Key}] = r
				}
				last[r.To.Key] = r
			}
			if !r.Register.Removes() || may[impi][r.To.Key] || byProxy(c, r.Exchange) {
				continue
			}
			o := last[r.To.Key]
			for _, k := range r.Register.Contacts {
				if b := owner[binding{r.To.Key, k.Key}]; b != nil {
					o = b
				} else {
					o = nil
				}
			}
			if o == nil || identity.SameIMPI(o.Register.IMPI, impi) {
				continue
			}
			h := finding.Hit{Frames: []uint32{r.Frame(), r.Final.Hops[0].Frame, o.Frame()},
				Detail: impi + " removes what " + o.Register.IMPI + " has bound to " + r.To.Raw}
			if len(may[impi]) == 0 {
				h.Doubt = "the capture does not show which identities " + impi + " may act for"
			}
			report(h)
		}
	},
})

func allow(may map[string]map[string]bool, impi, identity string) {
	if may[impi] == nil {
		may[impi] = map[string]bool{}
	}
	may[impi][identity] = true
}
