package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
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
		var confirmed map[string]bool // contacts that some document called active; nil until it is needed
		active := func(contact string) bool {
			if confirmed == nil {
				confirmed = calledActive(c)
			}
			return confirmed[contact]
		}
		var bound few.Map[string, bool] // contacts that were bound earlier
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
				known := slices.ContainsFunc(list, func(o fact.ContactValue) bool { return o.Key != k.Key && bound.Get(o.Key) })
				other := len(list) == 1 && known // another contact's entry
				h := finding.Hit{Detail: k.URI}
				switch {
				case len(list) == 0 && !listed && got != 0:
					h.Detail += ": the 200 has no Contact"
					h.Mild, h.HasMild = problem.Warning, true
					if active(k.Key) {
						h.Detail += ", reginfo shows it active"
						h.Mild = problem.Info
					}
				case got == 0 && !othersListed(list, k):
					h.Detail += ": granted 0 s"
				case !listed || other:
					h.Detail += ": the 200 lists others only"
					switch {
					case active(k.Key):
						h.Detail += ", reginfo shows it active"
						h.Mild, h.HasMild = problem.Info, true
					case !known:
						h.Doubt = "a proxy may have rewritten the contact"
						h.Mild, h.HasMild = problem.Warning, true
					}
				default:
					bound.Put(k.Key, true)
					continue
				}
				h.Frames = []uint32{r.Final.Hops[0].Frame, r.Frame()}
				report(h)
			}
		}
	},
})

// calledActive gives the contacts that some document called active.
func calledActive(c *finding.Case) map[string]bool {
	out := map[string]bool{}
	for _, x := range c.Exchanges {
		if x.Notify != nil && x.Notify.Document != nil {
			for i := range x.Notify.Document.Registrations {
				for _, k := range x.Notify.Document.Registrations[i].Contacts {
					out[k.Key] = out[k.Key] || k.State == reginfo.ContactActive
				}
			}
		}
	}
	return out
}

// othersListed reports whether a 200 lists no entry for a contact but some for others.
func othersListed(list []fact.ContactValue, k fact.ContactValue) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(o fact.ContactValue) bool { return o.Key == k.Key })
}
