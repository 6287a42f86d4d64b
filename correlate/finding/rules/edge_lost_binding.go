package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "edge-lost-binding",
	Title:    "the P-CSCF has forgotten a device that the registrar still serves",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.2.5.2",
	Failures: []string{"F40"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A NOTIFY to the device that says active, or a call or message to an identity that is bound, sent to the P-CSCF and answered there with 404, 410, 430 or 480, without a hop to the device.",
	Means:    "The P-CSCF has dropped its binding alone, after a broken connection for example: the registrar goes on sending calls to it, which all fail until the device registers again.",
	Next:     "Look for what came before: a closed TCP connection, a restart of the P-CSCF. It must de-register the user at the S-CSCF, or keep the binding.",
	Example:  "NOTIFY S-CSCF → P-CSCF, 404 Not Found, contact active in the document.",
	Needs:    finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !c.View.Gm {
			return
		}
		var seen sightings
		for _, x := range incoming(c) {
			final := x.Final()
			if !incomes(x) || final == nil {
				continue
			}
			switch final.Status {
			case 404, 410, 430, 480:
			default:
				continue
			}
			last := x.Request.Last()
			if c.Role(last.Dst) != fact.RolePCSCF || c.Addr(final.Hops[0].Src) != c.Addr(last.Dst) || ended(c, last.Time) {
				continue
			}
			if n := x.Notify; n == nil && !served(c, last) || n != nil && (n.Document == nil || n.State == "terminated" || !toDevice(c, x) || !says(n.Document, reginfo.ContactActive)) {
				continue
			}
			edge := c.Label(last.Dst)
			seen.see(edge, finding.Hit{Frames: []uint32{final.Hops[0].Frame, last.Frame}, Detail: x.Method.String() + ": " + statusLine(final) + " from " + edge, Doubt: lost(c)})
		}
		seen.report(report)
	},
})

// served reports whether the capture shows, at the P-CSCF to which a request came from the core, that the user's last
// registration before went through it: then it would show the request's way on to the device as well.
func served(c *finding.Case, h fact.Hop) bool {
	if h.Vias < 2 || c.Role(h.Src) == fact.RoleUE {
		return false
	}
	rounds := before(c.Rounds(), h.Frame)
	for i := len(rounds) - 1; i >= 0; i-- {
		r := rounds[i]
		if !r.OK() || removal(r.Register) {
			continue
		}
		gm, ok := fromPhone(c, r.Exchange)
		_, told := atPhone(c, r.Exchange, r.Final)
		return ok && told && c.Addr(gm.Dst) == c.Addr(h.Dst)
	}
	return false
}

// toDevice reports whether a NOTIFY belongs to a subscription of the user's own device.
func toDevice(c *finding.Case, x *fact.Exchange) bool {
	for _, s := range c.User.Subscriptions {
		if s.CallID == x.CallID {
			return s.Watcher == "ue"
		}
	}
	return false
}

// says reports whether a document lists a contact in this state.
func says(d *fact.Document, state reginfo.ContactState) bool {
	for i := range d.Registrations {
		for j := range d.Registrations[i].Contacts {
			if d.Registrations[i].Contacts[j].State == state {
				return true
			}
		}
	}
	return false
}
