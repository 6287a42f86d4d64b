package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "expired-without-refresh",
	Title:    "a registration runs out without a refresh",
	Severity: problem.Warning,
	Clause:   "3GPP TS 24.229 5.1.1.4.1",
	Failures: []string{"F50"},
	Actor:    finding.ActorUE,
	Seen:     "The granted time of a contact ends, and no REGISTER of the device has come by then.",
	Means:    "The user cannot be reached from then on until the device registers again; nobody told the network that it left.",
	Next:     "See what the device did last: out of coverage, battery, a lost address, a refresh timer that goes by another expiry than the 200's.",
	Example:  "200 with expires=3600 at 10:00, no REGISTER, expired at 11:00.",
	Needs:    finding.HasNetworkEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Initiator != story.ByExpiry || !d.Successful() || emergencies(d.Contacts) {
				continue
			}
			h := finding.Hit{Frames: d.Frames, Detail: d.Cause}
			if len(h.Frames) == 0 && d.TriggerFrame != 0 {
				h.Frames = []uint32{d.TriggerFrame}
			}
			if len(h.Frames) > 8 {
				h.Frames = h.Frames[:8]
			}
			switch {
			case left(c, d):
				h.Detail += "; the device had asked to be de-registered, and was refused or not answered"
				h.Mild, h.HasMild = problem.Info, true
			case slices.ContainsFunc(d.Identities, func(i story.IdentityState) bool { return i.State == "active" }):
				h.Detail += "; the user is still reachable through another contact"
				h.Mild, h.HasMild = problem.Info, true
			case !sawRegistered(c, d):
				h.Doubt = "the capture does not hold the registration, so the event may not be true"
			case !c.View.Gm && !c.View.Mw:
				h.Doubt = "the capture does not show the device's REGISTERs"
			default:
				h.Doubt = lost(c)
			}
			report(h)
		}
	},
})

// sawRegistered reports whether the capture holds the beginning of a binding that a de-registration ended.
func sawRegistered(c *finding.Case, d *story.Deregistration) bool {
	return slices.ContainsFunc(c.User.Bindings, func(b story.Binding) bool { return b.EndedBy == d && b.Registered > c.Start })
}

// emergencies reports whether only contacts of emergency registrations ran out: nobody refreshes those without a call
// (TS 24.229 5.1.6.4).
func emergencies(contacts []string) bool {
	return len(contacts) > 0 && !slices.ContainsFunc(contacts, func(k string) bool { return !identity.Emergency(identity.Contact(k)) })
}

// left reports whether the device had tried to de-register what ran out.
func left(c *finding.Case, d *story.Deregistration) bool {
	return slices.ContainsFunc(c.User.Deregistrations, func(o *story.Deregistration) bool {
		return o.Initiator == story.ByUser && len(o.Requests) > 0 && !o.Successful() && !o.Idle && o.Started <= d.Started &&
			slices.ContainsFunc(o.Contacts, func(k string) bool { return slices.Contains(d.Contacts, k) }) &&
			!unboundBetween(c.User, identity.Contact(o.Contacts[0]), o.Started, d.Started-1)
	})
}
