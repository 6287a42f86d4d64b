package rules

import (
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "end-not-announced",
	Title:    "a watcher is not told that an identity ended with the others",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 5.2, 3GPP TS 24.229 5.4.2.1.2",
	Failures: []string{"F15", "F31"},
	Actor:    finding.ActorSCSCF,
	Seen:     "Several identities end at once; the NOTIFYs to a watcher speak of some of them, and within 32 seconds none speaks of the others, which this watcher has as active. The device that asked for it knows all the same, and so does its P-CSCF: info.",
	Means:    "A partial document says only what changed, so this watcher goes on taking the identity for registered.",
	Next:     "Compare what other watchers were told. See whether the S-CSCF notifies of the whole implicit registration set or of the identity in To alone.",
	Example:  "RTR for the user; NOTIFY, partial: sip:001010000000005@ims.mnc001.mcc001.3gppnetwork.org terminated, no word of tel:+15550005.",
	Needs:    finding.HasEnd | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			for i := range d.Told {
				w := &d.Told[i]
				if len(w.LeftOut) == 0 {
					continue
				}
				missing, doubt := overdue(c, max(d.Started, d.Ended), timerN)
				if !missing {
					continue
				}
				if doubt == "" && slices.ContainsFunc(d.Documents, func(r story.DocumentRef) bool { return r.Document.Frame == w.Frame && len(r.Document.Problems) > 0 }) {
					doubt = "the document is damaged"
				}
				h := finding.Hit{Frames: []uint32{d.TriggerFrame, w.Frame}, Doubt: doubt, Detail: nameOf(w.Watcher, w.Node) + watching(w.Resource) + " was not told of " + strings.Join(w.LeftOut, ", ")}
				slices.Sort(h.Frames)
				h.Frames = slices.Compact(h.Frames)
				h.Mild, h.HasMild = problem.Info, d.Initiator == story.ByUser && tookPart(c, d, w)
				report(h)
			}
		}
	},
})

// tookPart reports whether a watcher knows of a de-registration without a NOTIFY: it is the device that asked for it, or
// the P-CSCF that passed that on.
func tookPart(c *finding.Case, d *story.Deregistration, w *story.Told) bool {
	if w.Watcher == story.WatcherPCSCF {
		return true
	}
	s := dialogOf(c, w.CallID)
	return s != nil && slices.ContainsFunc(d.Contacts, func(k string) bool {
		return identity.SamePlace(identity.Contact(k), identity.Contact(s.Contact))
	})
}
