package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "phone-away-after-deactivated",
	Title:    "the phone does not register again though it was told deactivated",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 4.7.1, 3GPP TS 24.229 5.1.1.7",
	Failures: []string{"C.4"},
	Actor:    finding.ActorUE,
	Seen:     "The phone acknowledges a NOTIFY that ends its last contact with event=\"deactivated\", and sends no REGISTER within two minutes.",
	Means:    "deactivated asks for a new registration at once. Until it comes, the user cannot be reached.",
	Next:     "Look whether the phone's requests are visible after its security associations are gone: the new REGISTER is unprotected. See whether the document was whole.",
	Example:  "<contact state=\"terminated\" event=\"deactivated\" …>, 200 to the NOTIFY, silence.",
	Needs:    finding.HasCommand,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, o := range orders(c, reginfo.EventDeactivated) {
			if c.Bound(o.contact.Key, o.frame()) == nil || o.comesBack(c) != nil || elsewhere(c, o) || movedOn(c, o) {
				continue
			}
			if c.End-o.doc.Time < 120*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{o.frame()}, Detail: fmt.Sprintf("%s: no REGISTER in the %d s after deactivated", watcherName(o.sub), (c.End-o.doc.Time)/finding.Second)}
			if !c.View.Gm || c.View.Damaged {
				h.Doubt = "the capture may not show it"
			}
			report(h)
		}
	},
})

// elsewhere reports whether the instance that an order speaks of is registered under another contact: it
// was only moved.
func elsewhere(c *finding.Case, o order) bool {
	for i := range c.User.Bindings {
		b := &c.User.Bindings[i]
		if b.ContactKey != o.contact.Key && b.Registered <= o.doc.Time && (b.Active || b.Ended > o.doc.Time) && o.contact.Instance != "" && b.Instance == o.contact.Instance {
			return true
		}
	}
	return stillActive(o.doc, identity.Contact(o.sub.Contact))
}

// movedOn reports whether somebody registers for the private identity that an order ended, with a contact that was not
// bound before: it may well be the phone, at another address.
func movedOn(c *finding.Case, o order) bool {
	was := c.Device(o.contact.Key, o.frame())
	return was.IMPI != "" && slices.ContainsFunc(c.Rounds(), func(r *finding.Round) bool {
		return r.At() > o.doc.Time && strings.EqualFold(r.Register.IMPI, was.IMPI) && slices.ContainsFunc(r.Register.Contacts, func(k fact.ContactValue) bool {
			return r.Register.EffectiveExpires(k) != 0 && !contactBound(c.User, k.Key, o.doc.Time)
		})
	})
}

// stillActive reports whether a document leaves a contact active under another address-of-record.
func stillActive(d *story.Document, contact string) bool {
	for _, list := range [][]story.Change{d.Changes, d.Unmentioned} {
		for _, ch := range list {
			if ch.To == "active" && identity.SamePlace(identity.Contact(ch.Contact), contact) {
				return true
			}
		}
	}
	return false
}
