package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "sar-missing",
	Title:    "the HSS is not told that the last contact is gone",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.4, 3GPP TS 29.228 6.1.2",
	Actor:    finding.ActorSCSCF,
	Seen:     "The last contact of a private identity ends, not by order of the HSS, and no Server-Assignment-Request with a de-registration type follows.",
	Means:    "The HSS keeps the user for registered at this S-CSCF: calls go there and end with 480, and the name of the S-CSCF stays assigned. The next registration repairs it.",
	Next:     "See for which causes the SAR is missing. Some cores send none when a registration expires or an operator removes it.",
	Example:  "Contact expires, NOTIFY to all watchers, no SAR TIMEOUT_DEREGISTRATION.",
	Needs:    finding.HasCx | finding.HasEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !slices.ContainsFunc(c.Cx, func(q *fact.Cx) bool { return q.Name == "SAR" }) {
			return // the capture does not show the S-CSCF's Cx
		}
		impi := map[string]string{} // private identity by contact
		for _, g := range c.Grants() {
			impi[g.Contact.Key] = g.Round.Register.IMPI
		}
		whose := make([]string, len(c.User.Bindings)) // private identity by binding
		for i := range c.User.Bindings {
			whose[i] = impi[c.User.Bindings[i].ContactKey]
		}
		deregs := c.User.Deregistrations
		for _, d := range deregs[max(0, len(deregs)-maxLook):] {
			if !d.Successful() || d.Trigger != nil || len(d.Contacts) == 0 {
				continue
			}
			who, left, over := "", false, d.Started
			for i := range c.User.Bindings {
				if b := &c.User.Bindings[i]; b.EndedBy == d {
					who, over = whose[i], max(over, b.Ended)
				}
			}
			for i := range c.User.Bindings {
				b := &c.User.Bindings[i]
				if b.EndedBy != d && b.Registered <= over && (b.Active || b.Ended > over) && identity.SameIMPI(whose[i], who) {
					left = true
				}
			}
			if left || slices.ContainsFunc(c.Cx, func(q *fact.Cx) bool { return reports(q, d.Started, over) }) {
				continue
			}
			if c.End-over < finding.Second/2 {
				continue
			}
			if slices.ContainsFunc(c.Cx, func(q *fact.Cx) bool {
				return q.Name == "SAR" && !q.Request.Seen() && q.FirstTime() >= d.Started-finding.Second && q.FirstTime() <= over+5*finding.Second
			}) {
				continue // the capture holds an answer to one
			}
			h := finding.Hit{Detail: "no SAR after the de-registration (" + d.Initiator + ")", Doubt: endsBefore(c, over, 2*finding.Second)}
			if d.TriggerFrame != 0 {
				h.Frames = []uint32{d.TriggerFrame}
			}
			report(h)
		}
	},
})

// reports reports whether a transaction tells the HSS, or shows that it knows, of a de-registration that
// went on from one moment to another.
func reports(q *fact.Cx, started, over int64) bool {
	at := q.FirstTime()
	if at < started-finding.Second || at > over+timerFCore {
		return false
	}
	return q.Name == "RTR" || q.Name == "SAR" && q.AssignmentType >= diameter.AssignTimeoutDeregistration && q.AssignmentType <= 11
}
