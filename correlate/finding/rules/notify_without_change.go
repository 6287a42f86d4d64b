package rules

import (
	"fmt"
	"sort"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "notify-without-change",
	Title:    "a watcher is notified because another one subscribes",
	Severity: problem.Info,
	Clause:   "see RFC 3680 4.7, RFC 6665 4.2.2",
	Failures: []string{"F19"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A NOTIFY whose document changes nothing for its watcher, within a second of another watcher's SUBSCRIBE, with no REGISTER in between.",
	Means:    "Needless traffic towards phones. A phone that takes event=\"registered\" for news may act on it.",
	Next:     "Count NOTIFYs per SUBSCRIBE of the P-CSCF. The notifier does not tell watchers apart.",
	Example:  "P-CSCF refreshes its SUBSCRIBE, two NOTIFYs leave 15 ms later: one to the P-CSCF, one to the phone.",
	Needs:    finding.HasSuccessor | finding.HasManySubscriptions,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for t := range documents(c) {
			if t.was == nil || !unchanged(t.doc) || registersBetween(c, t.was, t.doc) || subscribedAt(t.sub, t.was.Time, t.doc.Time) != nil {
				continue
			}
			for _, s := range c.User.Subscriptions {
				x := subscribedAt(s, t.doc.Time-finding.Second, t.doc.Time)
				if s == t.sub || x == nil {
					continue
				}
				report(finding.Hit{Frames: []uint32{t.frame(), x.FirstFrame()}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: nothing new, %d ms after the SUBSCRIBE of %s", watcherName(t.sub), (t.doc.Time-x.FirstTime())/1e6, watcherName(s))})
				break
			}
		}
	},
})

// unchanged reports whether a document changes nothing for its watcher.
func unchanged(d *story.Document) bool {
	for _, ch := range d.Changes {
		if ch.Kind != story.Unchanged {
			return false
		}
	}
	return true
}

// registersBetween reports whether the user's registration was touched between two documents.
func registersBetween(c *finding.Case, a, b *story.Document) bool {
	from := sort.Search(len(c.Exchanges), func(i int) bool { return c.Exchanges[i].FirstFrame() >= a.Frame })
	const back = 32 // requests that may still have been under way
	for _, x := range c.Exchanges[max(from-back, 0):] {
		if x.FirstFrame() > b.Frame {
			break
		}
		if x.Register == nil || x.Register.ThirdParty {
			continue
		}
		if f := x.Final(); x.FirstFrame() > a.Frame || f != nil && f.First().Frame > a.Frame {
			return true
		}
	}
	return false
}

// subscribedAt gives a SUBSCRIBE that a watcher sent in a span of time, nil if there is none.
func subscribedAt(s *story.Subscription, from, to int64) *fact.Exchange {
	for _, x := range s.Exchanges {
		if x.Subscribe != nil && x.FirstTime() >= from && x.FirstTime() <= to {
			return x
		}
	}
	return nil
}
