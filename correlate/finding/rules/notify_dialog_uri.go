package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-dialog-uri",
	Title:    "NOTIFY names other parties than its dialog",
	Severity: problem.Error,
	Clause:   "RFC 3261 12.2.1.1",
	Failures: []string{"F01"},
	Actor:    finding.ActorSCSCF,
	Seen:     "From or To of a NOTIFY has another URI than To or From of the SUBSCRIBE, though the tags fit. It is a warning unless the phone de-registers within 40 seconds.",
	Means:    "A phone that validates takes the NOTIFY for one of another dialog: it answers 200 all the same, and some de-register half a minute later, again and again. Others do not mind.",
	Next:     "Compare with the SUBSCRIBE: the notifier usually puts the Contact URIs into From and To. Look for a REGISTER with expires=0 some 20 to 35 s after each NOTIFY.",
	Example:  "SUBSCRIBE with To: <sip:alice@home1.net>, then NOTIFY with From: <sip:scscf.home1.net>;tag=… in the same dialog.",
	Needs:    finding.HasSubscription,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			first := firstSubscribe(s)
			if first == nil || first.From.Key == "" || first.To.Key == "" {
				continue
			}
			for _, x := range s.Exchanges {
				if x.Notify == nil || x.From.Key == first.To.Key && x.To.Key == first.From.Key || x.From.Key == "" || x.To.Key == "" {
					continue
				}
				h := finding.Hit{Frames: []uint32{x.FirstFrame(), first.FirstFrame()},
					Detail: fmt.Sprintf("%s: NOTIFY from %s to %s, the SUBSCRIBE was from %s to %s", watcherName(s), x.From.Raw, x.To.Raw, first.From.Raw, first.To.Raw),
					Mild:   problem.Warning, HasMild: true}
				for _, d := range c.User.Deregistrations {
					if after := d.Started - x.FirstTime(); s.Watcher == story.WatcherUE && d.Initiator == story.ByUser && after >= 10*finding.Second && after <= 40*finding.Second {
						h.HasMild = false
						h.Frames = append(h.Frames, d.TriggerFrame)
						h.Detail += fmt.Sprintf("; the phone de-registers %d s later", after/finding.Second)
					}
				}
				report(h)
				break
			}
		}
	},
})

// firstSubscribe gives the SUBSCRIBE that made a subscription, nil if the capture does not hold it.
func firstSubscribe(s *story.Subscription) *fact.Exchange {
	for _, x := range s.Exchanges {
		if x.Subscribe != nil && x.ToTag == "" && x.Request.Seen() {
			return x
		}
	}
	return nil
}
