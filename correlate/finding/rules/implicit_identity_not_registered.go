package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "implicit-identity-not-registered",
	Title:    "the HSS does not know a registered identity for registered",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 29.228 6.1.4",
	Failures: []string{"F74"},
	Actor:    finding.ActorHSS,
	Seen:     "LIA 5003 IDENTITY_NOT_REGISTERED for an identity that is registered at that moment, by REGISTER or implicitly (P-Associated-URI).",
	Means:    "Calls to this identity fail, though the device is there and is called under its other identities.",
	Next:     "See whether the identity is in the implicit registration set in the HSS, and whether the SAR at registration was accepted.",
	Example:  "P-Associated-URI: <sip:alice@home1.net>, <tel:+15550001>; LIR tel:+15550001 → 5003.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var bound map[string][]int // indices of bindings, by identity; nil until they are needed
		for _, q := range c.Cx {
			if q.Name != "LIR" || q.Experimental != identityNotRegistered {
				continue
			}
			if bound == nil {
				bound = bindingsOf(c.User)
			}
			for _, p := range q.Public {
				for _, i := range bound[p.Key] {
					if b := &c.User.Bindings[i]; standsAt(b.Registered, b.Ended, b.Active, q) {
						report(finding.Hit{Frames: cxFrames(q), Detail: p.Raw + " is bound to " + b.Contact})
						break
					}
				}
			}
		}
	},
})

// bindingsOf gives the indices of a user's bindings by identity, in the form that compares.
func bindingsOf(u *story.User) map[string][]int {
	bound := map[string][]int{}
	for i := range u.Bindings {
		key := identity.Canonical(u.Bindings[i].AOR)
		bound[key] = append(bound[key], i)
	}
	return bound
}

// standsAt reports whether a binding was there when a transaction began, and some time before and behind.
func standsAt(registered, ended int64, active bool, q *fact.Cx) bool {
	at := q.FirstTime()
	return registered < at-finding.Second && (active || ended > at+finding.Second)
}
