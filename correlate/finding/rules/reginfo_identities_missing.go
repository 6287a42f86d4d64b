package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-identities-missing",
	Title:    "reginfo leaves out identities of the implicit registration set",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.2.1.2",
	Failures: []string{"F15"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A full document with an active registration does not list all identities that P-Associated-URI of the 200 to REGISTER named. Barred identities are in neither.",
	Means:    "The watcher believes that these identities are not registered: calls to them are not expected, and their end is never told.",
	Next:     "Compare the aors of the document with P-Associated-URI, and with the profile in the SAA.",
	Example:  "P-Associated-URI: <sip:alice@home1.net>, <tel:+15550001>; reginfo with a registration for sip:alice@home1.net alone.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for t := range documents(c) {
			if !t.full() || t.doubt() != "" {
				continue
			}
			var have []string
			active := false
			for _, r := range t.reg.Registrations {
				have = append(have, r.AOR.Key)
				active = active || r.State == reginfo.RegActive
			}
			var missing []string
			x, set := implicitSet(c, identity.Canonical(t.sub.Resource), t.frame())
			for _, u := range set {
				if !slices.Contains(have, u.Key) {
					missing = append(missing, u.Raw)
				}
			}
			if len(missing) == 0 || !active {
				continue
			}
			list := strings.Join(missing, ", ")
			all.see(list, finding.Hit{Frames: []uint32{t.frame(), success(x).First().Frame}, Detail: fmt.Sprintf("%s: no registration element for %s", watcherName(t.sub), list)})
		}
		all.report(report)
	},
})

// implicitSet gives the identities that are registered with one of a user's identities, as of a frame:
// what the P-Associated-URI of every private identity that registers it agrees on, since each may have
// other company. x is the newest REGISTER that told.
func implicitSet(c *finding.Case, aor string, before uint32) (x *fact.Exchange, set []fact.URI) {
	latest := map[string]*fact.Exchange{} // by private identity and address-of-record
	var order []string
	for _, e := range c.Exchanges {
		r := e.Register
		if r == nil || r.ThirdParty || success(e) == nil || success(e).First().Frame > before || !hasKey(r.Answer.Associated, aor) {
			continue
		}
		k := r.IMPI + "\x00" + e.To.Key
		if latest[k] == nil {
			order = append(order, k)
		}
		latest[k], x = e, e
	}
	for i, k := range order {
		now := latest[k].Register.Answer.Associated
		if i == 0 {
			set = slices.Clone(now)
			continue
		}
		set = slices.DeleteFunc(set, func(u fact.URI) bool { return !hasKey(now, u.Key) })
	}
	return x, set
}

// hasKey reports whether a list of identities holds one.
func hasKey(list []fact.URI, key string) bool {
	return slices.ContainsFunc(list, func(u fact.URI) bool { return u.Key == key })
}
