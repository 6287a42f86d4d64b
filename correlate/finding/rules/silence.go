package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/sip"
)

// prompt is how soon a message that is due at once is on the wire in practice. A capture that ends
// sooner says nothing about its absence.
const prompt = finding.Second / 2

// overdue reports whether the capture goes on long enough after a moment to say that a message is
// missing, and why that may be wrong all the same: wait is how long the message may take.
func overdue(c *finding.Case, since, wait int64) (missing bool, doubt string) {
	left := c.End - since
	switch {
	case left < prompt, left < wait && c.Ongoing:
		return false, ""
	case left < wait:
		return true, fmt.Sprintf("the capture ends %.1f s later", float64(left)/1e9)
	case c.View.Damaged:
		return true, "the capture lost packets"
	case lostNotify(c, since, since+wait):
		return true, "the capture holds the answer to a NOTIFY that it does not hold"
	}
	return true, ""
}

// lostNotify reports whether a watcher answered a NOTIFY between two moments that the capture lost.
func lostNotify(c *finding.Case, from, to int64) bool {
	return slices.ContainsFunc(c.Exchanges, func(x *fact.Exchange) bool {
		return x.Method == sip.MethodNotify && !x.Request.Seen() && x.FirstTime() >= from-finding.Second && x.FirstTime() <= to
	})
}

// unheard says why the absence of NOTIFYs in a subscription may be an artefact: the capture shows none
// of them at all, so they may take a way that it does not see.
func unheard(s *story.Subscription) string {
	if s.Notifications == 0 {
		return "the capture shows no NOTIFY of this subscription at all"
	}
	return ""
}

// unseen says why a NOTIFY after a SUBSCRIBE may have been sent and not captured: the next document's
// version counts on from it.
func unseen(s *story.Subscription, x *fact.Exchange) string {
	for _, d := range s.Documents {
		if d.Frame > x.FirstFrame() {
			if d.Gap || d.First && d.Version > 0 {
				return fmt.Sprintf("the next document has version %d: one before it was not captured", d.Version)
			}
			break
		}
	}
	return ""
}

// sentOnce says why a request may have been answered though no response was captured: over UDP a node
// that gets no answer sends it again (RFC 3261 17.1.2.1). "" for a request that was sent again.
func sentOnce(x *fact.Exchange) string {
	if x.Final() == nil && x.Request.Repeats() == 0 && x.Request.First().Pieces > 0 {
		return "it was not sent again, so an answer may have come and not been captured"
	}
	return ""
}

// requestsMissing says why a de-registration that nobody seems to have asked for may have been asked for:
// the capture holds answers to REGISTERs without the REGISTERs.
func requestsMissing(c *finding.Case) string {
	for _, x := range c.Exchanges {
		if x.Register != nil && !x.Request.Seen() {
			return "the capture holds answers to REGISTERs that it does not hold"
		}
	}
	return ""
}

// oneSided says why a missing response may be an artefact: no NOTIFY of this subscription was ever
// seen answered, so the way back may not be in the capture.
func oneSided(s *story.Subscription) string {
	for _, x := range s.Exchanges {
		if x.Notify != nil && x.Final() != nil {
			return ""
		}
	}
	return "the capture shows no response to any NOTIFY of this subscription"
}

// unanswered reports whether a request failed for want of an answer: a proxy said 408, or Timer F ran
// out within the capture.
func unanswered(c *finding.Case, x *fact.Exchange) bool {
	if f := x.Final(); f != nil {
		return f.Status == 408
	}
	return x.Request.Seen() && c.End-x.FirstTime() >= timerN
}

// reportUnheard reports an accepted SUBSCRIBE, the i-th exchange of its dialog, after which no NOTIFY
// came. One that overtook the 2xx counts.
func reportUnheard(c *finding.Case, s *story.Subscription, i int, what string, report func(finding.Hit)) {
	x := s.Exchanges[i]
	answer := success(x)
	if answer == nil || !x.Request.Seen() {
		return
	}
	for _, n := range s.Exchanges[i+1:] {
		if n.FirstTime()-answer.First().Time > timerN {
			break
		}
		if n.Notify != nil {
			return
		}
	}
	missing, doubt := overdue(c, answer.First().Time, timerN)
	if !missing {
		return
	}
	if doubt == "" {
		doubt = unheard(s)
	}
	if doubt == "" {
		doubt = unseen(s, x)
	}
	report(finding.Hit{Frames: []uint32{answer.First().Frame, x.FirstFrame()}, Doubt: doubt, Detail: watcherName(s) + ": " + what})
}
