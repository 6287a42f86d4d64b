package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "accepted-without-binding",
	Title:    "200 to a REGISTER without the contact that it binds",
	Severity: problem.Error,
	Clause:   "RFC 3261 10.3",
	Failures: []string{"F79"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A 2xx that lists contacts but not the one that the REGISTER asks to bind, or gives it expires=0. A warning where it lists none at all.",
	Means:    "The registrar has saved nothing: the device believes that it is registered and cannot be reached. A 200 without any Contact leaves the device without the time that it was granted.",
	Next:     "Look for a reason in the contact: reg-id=0, a URI that the registrar cannot read, a limit of contacts per user. Check the next reginfo.",
	Example:  "REGISTER with Contact …;reg-id=0, 200 OK with the contact of another phone alone.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		confirmed := map[string]bool{} // contacts that some document called active
		bound := map[string]bool{}     // contacts that were bound earlier
		for _, x := range c.Exchanges {
			if x.Notify != nil && x.Notify.Document != nil {
				for i := range x.Notify.Document.Registrations {
					for _, k := range x.Notify.Document.Registrations[i].Contacts {
						confirmed[k.Key] = confirmed[k.Key] || k.State == reginfo.ContactActive
					}
				}
			}
		}
		for _, r := range c.Rounds() {
			if !r.OK() {
				continue
			}
			list := r.Register.Answer.Contacts
			for _, k := range r.Register.Contacts {
				if r.Register.EffectiveExpires(k) == 0 {
					continue
				}
				got, listed := r.Register.Granted(k)
				known := slices.ContainsFunc(list, func(o fact.ContactValue) bool { return o.Key != k.Key && bound[o.Key] })
				other := len(list) == 1 && known // another contact's entry
				h := finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: k.URI}
				switch {
				case len(list) == 0 && !listed && got != 0:
					h.Detail += ": the 200 has no Contact"
					h.Mild, h.HasMild = problem.Warning, true
					if confirmed[k.Key] {
						h.Detail += ", reginfo shows it active"
						h.Mild = problem.Info
					}
				case got == 0 && !othersListed(list, k):
					h.Detail += ": granted 0 s"
				case !listed || other:
					h.Detail += ": the 200 lists others only"
					switch {
					case confirmed[k.Key]:
						h.Detail += ", reginfo shows it active"
						h.Mild, h.HasMild = problem.Info, true
					case !known:
						h.Doubt = "a proxy may have rewritten the contact"
						h.Mild, h.HasMild = problem.Warning, true
					}
				default:
					bound[k.Key] = true
					continue
				}
				report(h)
			}
		}
	},
})

// othersListed reports whether a 200 lists no entry for a contact but some for others.
func othersListed(list []fact.ContactValue, k fact.ContactValue) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(o fact.ContactValue) bool { return o.Key == k.Key })
}
