package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscription-repeated",
	Title:    "the P-CSCF subscribes again and keeps the old subscription",
	Severity: problem.Info,
	Clause:   "see 3GPP TS 24.229 5.2.3",
	Failures: []string{"F24"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A second SUBSCRIBE of the same P-CSCF for the same identity in a new dialog, while the first subscription lives.",
	Means:    "Subscriptions pile up at the S-CSCF with every registration, and every change is notified several times.",
	Next:     "Count the NOTIFYs to the P-CSCF per change. One per private identity is right where the identity is registered under several.",
	Example:  "SUBSCRIBE of pcscf.ims.mnc001.mcc001.3gppnetwork.org after each REGISTER, always with Expires: 36010 and a new Call-ID.",
	Needs:    finding.HasManySubscriptions,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		private := map[string]bool{}
		for _, x := range c.Exchanges {
			if x.Register != nil && x.Register.IMPI != "" {
				private[x.Register.IMPI] = true
			}
		}
		var all sightings
		for i, s := range c.User.Subscriptions {
			if s.Watcher != story.WatcherPCSCF || s.MidDialog || s.State == "rejected" {
				continue
			}
			older := 0
			var frame uint32
			for _, o := range c.User.Subscriptions[:i] {
				if o.Watcher == s.Watcher && o.WatcherURI == s.WatcherURI && o.Resource == s.Resource && o.State != "rejected" &&
					(o.Ended == 0 || o.Ended > s.Started) && (o.Expires == 0 || o.Expires > s.Started) {
					older++
					frame = o.FirstFrame
				}
			}
			if older > 0 && older >= len(private) {
				all.see(s.WatcherURI, finding.Hit{Frames: []uint32{s.FirstFrame, frame}, Detail: fmt.Sprintf("%s: subscription %d to %s", watcherName(s), older+1, s.Resource)})
			}
		}
		all.report(report)
	},
})
