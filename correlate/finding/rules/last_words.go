package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// alive reports the de-registrations by one kind of initiator of which a NOTIFY told that nothing is
// registered any more without ending its subscription.
func alive(c *finding.Case, by func(initiator string) bool, report func(finding.Hit)) {
	if !inIMS(c) {
		return
	}
	for _, d := range c.User.Deregistrations {
		if !d.Successful() || !by(d.Initiator) {
			continue
		}
		var h finding.Hit
		var who []string
		ended := true // by a NOTIFY of its own that follows
		for _, ref := range d.Documents {
			s, doc := ref.Subscription, ref.Document
			if n := doc.Exchange.Notify; n.State != "active" && n.State != "pending" || !lastEnded(doc) || back(c.User, d.Started, doc.Time) {
				continue
			}
			h.Frames = append(h.Frames, doc.Frame)
			if !slices.Contains(who, watcherName(s)) {
				who = append(who, watcherName(s))
			}
			ended = ended && endedWithin(s, doc, timerN)
		}
		if len(h.Frames) == 0 {
			continue
		}
		if d.Initiator != story.ByUser && d.Trigger == nil {
			h.Doubt = requestsMissing(c)
		}
		h.Detail = fmt.Sprintf("NOTIFY to %s: nothing is registered any more, but Subscription-State is active", strings.Join(who, ", "))
		if ended {
			h.Mild, h.HasMild = problem.Info, true
			h.Detail += "; another NOTIFY ends the subscription soon after"
		}
		report(h)
	}
}

// back reports whether the user registered again between two moments: then the subscription is needed.
func back(u *story.User, from, to int64) bool {
	return slices.ContainsFunc(u.Bindings, func(b story.Binding) bool {
		return b.Registered > from && b.Registered <= to && (b.Active || b.Ended > to)
	})
}

// lastEnded reports whether a document ended the last registration that its watcher knew of.
func lastEnded(d *story.Document) bool {
	went := false
	for _, i := range d.Identities {
		if i.State == "active" {
			return false
		}
		went = went || i.Before == "active"
	}
	return went
}

// endedWithin reports whether a subscription was terminated by a NOTIFY soon after a document.
func endedWithin(s *story.Subscription, d *story.Document, within int64) bool {
	for _, x := range s.Exchanges {
		if x.Notify != nil && x.Notify.State == "terminated" && x.FirstFrame() > d.Frame && x.FirstTime()-d.Time <= within {
			return true
		}
	}
	return false
}
