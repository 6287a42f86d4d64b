package rules

import (
	"fmt"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "phone-calls-unregistered",
	Title:    "the phone goes on as if registered after it was told the end",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.1.1.7",
	Failures: []string{"F34"},
	Actor:    finding.ActorUE,
	Seen:     "The phone answers 200 to a NOTIFY that ends its last registration, and later sends INVITE, MESSAGE or REFER without having registered again. Emergency calls do not count.",
	Means:    "The phone has not understood that its registration is gone. Its requests are refused, calls to it fail, and the user sees nothing of it.",
	Next:     "See how the request was answered, usually 403. Check whether the phone understands the document: its contact, its event, the form of the XML.",
	Example:  "NOTIFY with state=\"terminated\" event=\"deactivated\", 200, then INVITE, 403 Forbidden.",
	Needs:    finding.HasStray | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, x := range c.Strays {
			if !x.Request.Seen() || x.Request.First().Vias > 1 || strings.HasPrefix(strings.ToLower(x.RequestURI), "urn:service:sos") || aorBound(c.User, x.From.Key, x.FirstTime()) {
				continue
			}
			if end := lastTold(c, x); end != nil {
				report(finding.Hit{Frames: []uint32{x.FirstFrame(), end.Frame},
					Detail: fmt.Sprintf("%s %.1f s after the end was acknowledged, answered %s", x.Method, float64(x.FirstTime()-end.Time)/1e9, answerText(x))})
				return
			}
		}
	},
})

// lastTold gives the document that told the sender of a request that nothing is registered any more, and
// that it acknowledged; nil if there is none, or if something came after it.
func lastTold(c *finding.Case, x *fact.Exchange) *story.Document {
	var end *story.Document
	device := c.Addr(x.Request.First().Src)
	for t := range documents(c) {
		n := t.doc.Exchange
		if t.sub.Watcher != story.WatcherUE || t.doc.Time > x.FirstTime()-2*finding.Second || c.Addr(n.Request.Last().Dst) != device {
			continue
		}
		if end != nil && t.doc.Frame < end.Frame {
			continue
		}
		end = nil
		if success(n) != nil && t.doubt() == "" && !anyActive(t.doc) {
			end = t.doc
		}
	}
	if end == nil {
		return nil
	}
	if mayRegister(c, end.Frame, x.FirstFrame()) {
		return nil
	}
	return end
}

// mayRegister reports whether anything was registered between two frames, or may have been: a REGISTER that was
// refused changes nothing.
func mayRegister(c *finding.Case, from, to uint32) bool {
	open := false
	for _, r := range c.Exchanges {
		if r.Register == nil || !r.Register.Binds() || r.FirstFrame() <= from || r.FirstFrame() >= to {
			continue
		}
		switch status := finalStatus(r); {
		case status < 300, status == 408:
			return true // accepted, or nobody knows
		default:
			open = status == 401 || status == 407
		}
	}
	return open
}

// anyActive reports whether a watcher knows of anything active after a document.
func anyActive(d *story.Document) bool {
	for _, i := range d.Identities {
		if i.State == "active" {
			return true
		}
	}
	return false
}
