package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "contact-not-announced",
	Title:    "a watcher is not told of a new contact",
	Severity: problem.Info,
	Clause:   "see RFC 3680 4.7",
	Failures: []string{"F15"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A device registers an identity that a live subscription watches; no NOTIFY to this watcher lists the new contact within 32 seconds.",
	Means:    "The watcher's view is stale until something else changes. An AS or a phone that shows the user's devices misses one.",
	Next:     "See which watchers were told. Some notifiers tell only the device that registered, until something ends.",
	Example:  "Phone watches sip:001010000000005@ims.mnc001.mcc001.3gppnetwork.org, the tablet registers it: NOTIFYs to tablet and P-CSCF alone.",
	Needs:    finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		if len(c.User.Bindings) > crowd || len(c.User.Subscriptions) > crowd {
			return
		}
		for i := range c.User.Bindings {
			b := &c.User.Bindings[i]
			if b.Registered == 0 || !b.Active && b.Ended-b.Registered < timerN {
				continue
			}
			for _, s := range c.User.Subscriptions {
				if !watches(s, b.AOR, b.Registered) || announced(c, s, b) {
					continue
				}
				if missing, doubt := overdue(c, b.Registered, timerN); missing {
					all.see(b.ContactKey, finding.Hit{Frames: []uint32{s.Documents[0].Frame}, Doubt: doubt, Detail: fmt.Sprintf("%s: not told that %s registered %s", watcherName(s), b.Contact, b.AOR)})
				}
			}
		}
		all.report(report)
	},
})

// watches reports whether a subscription was alive at a moment and its watcher knew an address-of-record.
func watches(s *story.Subscription, aor string, at int64) bool {
	if s.Ended != 0 && s.Ended <= at || s.Expires != 0 && s.Expires <= at {
		return false
	}
	var last *story.Document
	for _, d := range s.Documents {
		if d.Time < at {
			last = d
		}
	}
	if last == nil {
		return false
	}
	if slices.ContainsFunc(last.Identities, func(i story.IdentityState) bool { return i.AOR == aor }) {
		return true
	}
	aor = identity.Canonical(aor)
	return slices.ContainsFunc(last.Identities, func(i story.IdentityState) bool { return identity.Canonical(i.AOR) == aor })
}

// announced reports whether the watcher of a subscription was told of a binding in time, in this dialog
// or in another of its own. A later document about the end of something else lists it by chance.
func announced(c *finding.Case, s *story.Subscription, b *story.Binding) bool {
	for t := range documents(c) {
		if t.sub.WatcherURI != s.WatcherURI || t.sub.WatcherNode != s.WatcherNode || t.doc.Time < b.Registered-2*finding.Second || t.doc.Time > b.Registered+timerN ||
			t.doc.Time > b.Registered+2*finding.Second && causeOf(c, t.doc) != 0 {
			continue
		}
		for _, k := range t.contacts() {
			if k.Key == b.ContactKey || identity.SamePlace(k.Key, b.ContactKey) {
				return true
			}
		}
	}
	return false
}
