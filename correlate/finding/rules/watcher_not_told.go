package rules

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "watcher-not-told",
	Title:    "a watcher is not told of a de-registration",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.4, 5.4.2.1.2",
	Failures: []string{"F31"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact is de-registered, by its user, the S-CSCF or expiry, and a live subscription gets no NOTIFY about it within 32 seconds. The phone that left on its own is info.",
	Means:    "The watcher goes on with a registration that is not there: an AS sends calls to it, a P-CSCF keeps security associations and bearers.",
	Next:     "See whether the S-CSCF still knew the subscription: was it refreshed in time, did the S-CSCF restart?",
	Example:  "REGISTER with expires=0, 200, NOTIFY to the phone, none to the P-CSCF.",
	Needs:    finding.HasEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if !d.Successful() || d.Trigger != nil && d.Trigger.Name == "RTR" || !untold(d) {
				continue
			}
			missing, doubt := overdue(c, max(d.Started, d.Ended), timerN)
			if !missing {
				continue
			}
			if doubt == "" && d.Initiator == story.ByExpiry && len(d.Documents) == 0 {
				doubt = "only the clock says that the contact expired"
			}
			if doubt == "" && len(d.Documents) > 0 && d.Documents[0].Document.Gap {
				doubt = "documents are missing from the capture about then"
			}
			for _, w := range d.Told {
				if w.Frame != 0 {
					continue
				}
				h := finding.Hit{Frames: []uint32{d.TriggerFrame}, Doubt: doubt, Detail: nameOf(w.Watcher, w.Node) + watching(w.Resource) + " was not told"}
				if s := dialogOf(c, w.CallID); s != nil {
					h.Frames = append(h.Frames, s.FirstFrame)
					if h.Doubt == "" {
						h.Doubt = unheard(s)
					}
					own := slices.ContainsFunc(d.Contacts, func(k string) bool { return identity.SamePlace(identity.Contact(k), identity.Contact(s.Contact)) })
					h.Mild, h.HasMild = problem.Info, own && d.Initiator == story.ByUser
				}
				report(h)
			}
		}
	},
})

// watching names what a watcher watches where that tells it from another one.
func watching(resource string) string {
	if resource == "" {
		return ""
	}
	return ", watching " + resource + ","
}

// untold reports whether a watcher was not told of a de-registration.
func untold(d *story.Deregistration) bool {
	return slices.ContainsFunc(d.Told, func(t story.Told) bool { return t.Frame == 0 })
}
