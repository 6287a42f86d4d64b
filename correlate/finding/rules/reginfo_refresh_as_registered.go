package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-refresh-as-registered",
	Title:    "a refresh of the registration shows as registered",
	Severity: problem.Info,
	Clause:   "RFC 3680 4.7.1",
	Failures: []string{"F19"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A contact that the watcher knows as active is refreshed by REGISTER, with the same Call-ID; the next document says event=\"registered\" instead of refreshed.",
	Means:    "Watchers that count registrations count too many. Otherwise harmless.",
	Next:     "Tell refreshes by the REGISTERs, not by the event.",
	Example:  "REGISTER with CSeq 3 in the same Call-ID, then <contact id=\"0x7f578f7701c0\" state=\"active\" event=\"registered\" …> once more.",
	Needs:    finding.HasSuccessor,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		var keys few.Map[string, string] // identity.Contact
		for t := range documents(c) {
			if t.was == nil {
				continue
			}
			for i := range t.doc.Changes {
				ch := &t.doc.Changes[i]
				if ch.Event != "registered" || ch.From != "active" || ch.To != "active" {
					continue
				}
				key := keys.Get(ch.Contact)
				if key == "" {
					key = identity.Contact(ch.Contact)
					keys.Put(ch.Contact, key)
				}
				x := c.Bound(key, t.frame())
				if x == nil || x.FirstFrame() < t.was.Frame {
					continue
				}
				if o := c.Bound(key, x.FirstFrame()); o != nil && o.CallID == x.CallID && success(o).First().Frame < t.was.Frame {
					all.see("", finding.Hit{Frames: []uint32{t.frame(), x.FirstFrame()}, Detail: fmt.Sprintf("%s: %s was refreshed, the event is registered", watcherName(t.sub), ch.Contact)})
				}
			}
		}
		all.report(report)
	},
})
