package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/decode/diameter"
)

// takeSteps finds what happened in a de-registration; events are those of the moments, or none.
func (t *Teller) takeSteps(d *dereg, events []Event) {
	p := d.pub
	p.Ended = d.time
	t.framesOf(d)
	slices.Sort(t.frames)
	frames := slices.Compact(t.frames)
	at, _ := slices.BinarySearchFunc(t.plays, d.frame, func(m moment, f uint32) int { return cmp.Compare(m.frame, f) })
	t.steps = t.steps[:0]
	n := 0
	for ; at < len(t.plays) && len(frames) > 0; at++ {
		m := &t.plays[at]
		for len(frames) > 0 && frames[0] < m.frame {
			frames = frames[1:]
		}
		if len(frames) == 0 || frames[0] != m.frame || !d.belongs(m) {
			continue
		}
		t.steps = append(t.steps, int32(at))
		n += len(m.m.Hops)
	}
	if len(t.steps) == 0 {
		return
	}
	p.Frames = t.made.frames.Some(n)[:0]
	for _, at := range t.steps {
		hops := t.plays[at].m.Hops
		for i := range hops {
			p.Frames = append(p.Frames, hops[i].Frame)
			p.Ended = max(p.Ended, hops[i].Time)
		}
	}
	slices.Sort(p.Frames)
	p.Frames = slices.Compact(p.Frames)
	if len(events) > 0 {
		p.Steps = t.made.events.Some(len(t.steps))
		for i, at := range t.steps {
			p.Steps[i] = events[at]
		}
	}
}

// belongs tells whether a moment that begins with a frame of the de-registration is a step of it; two messages
// can share a frame.
func (d *dereg) belongs(m *moment) bool {
	x := m.x
	if x == nil {
		return true
	}
	if d.attempt != nil && slices.Contains(d.attempt.exchanges, x) || slices.Contains(d.notifies, x) {
		return true
	}
	return x.Register != nil && x.Register.ThirdParty || x.Notify != nil && x.Notify.Document == nil
}

// mark takes the first frame of a message for one of the de-registration at hand.
func (t *Teller) mark(m *fact.Message) {
	if m.Seen() {
		t.frames = append(t.frames, m.Hops[0].Frame)
	}
}

// markAll takes the frames of an exchange, and gives the time of its last answer if that is later than last.
func (t *Teller) markAll(x *fact.Exchange, last int64) int64 {
	t.mark(&x.Request)
	for i := range x.Responses {
		t.mark(&x.Responses[i])
		last = max(last, x.Responses[i].Last().Time)
	}
	return last
}

// framesOf puts the first frames of all messages that belong to a de-registration into t.frames.
func (t *Teller) framesOf(d *dereg) {
	t.frames = t.frames[:0]
	from, to := d.time, d.lastTime
	if d.attempt != nil {
		for _, x := range d.attempt.exchanges {
			to = t.markAll(x, to)
		}
	}
	for _, x := range d.notifies {
		to = t.markAll(x, to)
	}
	if d.silent {
		return
	}
	to += settleTime
	// What else belongs to it by kind and time: Cx, third-party REGISTERs, last words of subscriptions.
	for _, c := range after(t.in.Cx, d.frame) {
		if c.FirstTime() > to+reach {
			break
		}
		if t.cxBelongs(d, c, from, to) {
			t.mark(&c.Request)
			t.mark(&c.Answer)
		}
	}
	if len(d.rows) == 0 && d.farewell == nil {
		return
	}
	for _, x := range after(t.in.Exchanges, d.frame) {
		at := x.FirstTime()
		if at > to+reach {
			break
		}
		switch {
		case at < from || at > to || d.next != 0 && at >= d.next:
		case x.Register != nil && x.Register.ThirdParty && x.Register.Expires == 0,
			x.Notify != nil && x.Notify.State == "terminated" && x.Notify.Document == nil:
			t.markAll(x, to)
		}
	}
}

// after cuts off the facts before a frame; they are in the order of their first frames.
func after[F interface{ FirstFrame() uint32 }](facts []F, frame uint32) []F {
	i, _ := slices.BinarySearchFunc(facts, frame, func(f F, frame uint32) int { return cmp.Compare(f.FirstFrame(), frame) })
	return facts[i:]
}

// cxBelongs decides whether a Cx transaction is a step of a de-registration.
func (t *Teller) cxBelongs(d *dereg, c *fact.Cx, from, to int64) bool {
	if d.termination != nil && d.termination.cx == c || d.assignment == c {
		return true
	}
	at := c.FirstTime()
	if at < from || at > to {
		return false
	}
	switch c.Name {
	case "UAR":
		return d.attempt != nil && (c.AuthorizationType == 1 || t.within(d.attempt, c.FirstFrame()))
	case "MAR":
		return d.attempt != nil && t.within(d.attempt, c.FirstFrame())
	case "SAR":
		switch c.AssignmentType {
		case diameter.AssignTimeoutDeregistration, diameter.AssignTimeoutDeregistrationStore:
			return d.initiator == ByExpiry
		case diameter.AssignUserDeregistration, diameter.AssignUserDeregistrationStore:
			return d.attempt != nil
		case diameter.AssignAdministrativeDeregistration:
			return d.initiator == ByNetwork
		}
	}
	return false
}

// within reports whether a frame lies between the request and the final response of one of the
// attempt's rounds.
func (t *Teller) within(a *attempt, frame uint32) bool {
	for _, x := range a.exchanges {
		if final := x.Final(); final != nil && x.FirstFrame() < frame && frame < final.Last().Frame {
			return true
		}
	}
	return false
}
