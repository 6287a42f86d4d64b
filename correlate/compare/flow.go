package compare

import (
	"strings"

	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/sip"
)

const (
	// maxSteps is how many steps of a flow are lined up; the comparison takes the square of it. A day of refreshes has
	// some hundred.
	maxSteps = 1500
	// maxHops is how many hops of a step are looked at.
	maxHops = 16
)

// Flow is what one user did.
type Flow struct {
	User  *story.User
	Steps []Step
	Cut   int // steps that are left out in the middle

	wanted map[uint32][]place // by frame
}

// Step is one message of a flow, with all its hops.
type Step struct {
	Event *story.Event
	texts []text // by hop; of those that were not found, empty
}

// place is a hop of a step.
type place struct{ step, hop int }

// text is what a message says, in a form that compares.
type text struct {
	from, to string // roles
	fields   []Field
	found    bool
}

// NewFlow makes the flow of a user. The texts of its messages come with Add.
func NewFlow(u *story.User) *Flow {
	f := &Flow{User: u, Cut: max(0, len(u.Timeline)-maxSteps), wanted: map[uint32][]place{}}
	for i := range u.Timeline {
		e := &u.Timeline[i]
		if i >= maxSteps/2 && i < maxSteps/2+f.Cut {
			continue
		}
		s := Step{Event: e}
		if e.Exchange != nil || e.Cx != nil {
			for h := range e.Hops[:min(len(e.Hops), maxHops)] {
				f.wanted[e.Hops[h].Frame] = append(f.wanted[e.Hops[h].Frame], place{len(f.Steps), h})
				s.texts = append(s.texts, text{from: role(e.Hops[h].From), to: role(e.Hops[h].To)})
			}
		}
		f.Steps = append(f.Steps, s)
	}
	return f
}

// role is what a node is, from its label.
func role(label string) string {
	for _, r := range [...]string{"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS", "AS"} {
		if label == r || strings.HasPrefix(label, r) && strings.TrimLeft(label[len(r):], "0123456789") == "" || strings.HasPrefix(label, r+" ") {
			return r
		}
	}
	return ""
}

// Add takes the next message of the captures that the flow is from, and keeps what it says if it is one of the flow's.
func (f *Flow) Add(rec *decode.Record) {
	for _, p := range f.wanted[rec.Frame] {
		s := &f.Steps[p.step]
		t := &s.texts[p.hop]
		if t.found || !fits(s.Event, rec) {
			continue
		}
		t.found = true
		if rec.SIP != nil {
			t.fields = sipFields(rec.SIP)
		} else {
			t.fields = cxFields(rec.Diameter)
		}
		return
	}
}

// fits reports whether a message is the one of the event; a frame may complete several.
func fits(e *story.Event, rec *decode.Record) bool {
	switch {
	case e.Cx != nil && rec.Diameter != nil:
		return rec.Diameter.EndToEnd == e.Cx.EndToEnd && rec.Diameter.Request == (e.Method == e.Cx.Name)
	case e.Exchange != nil && rec.SIP != nil:
		n, _, _ := sip.ParseCSeq(rec.SIP.First(sip.HdrCSeq))
		return n == e.Exchange.CSeq && rec.SIP.Status == e.Status && string(rec.SIP.First(sip.HdrCallID)) == e.Exchange.CallID
	}
	return false
}
