package story

import (
	"slices"

	"imscope/correlate/fact"
)

// timeline makes an event of each moment. Behind them is room for what only the clock did, see withExpiries.
func (t *Teller) timeline() []Event {
	hops := 0
	for i := range t.plays {
		hops += len(t.plays[i].m.Hops)
	}
	t.made.hops.Reserve(hops)
	t.made.frames.Reserve(hops)
	events := t.made.events.Some(max(len(t.plays), 2*(len(t.in.Exchanges)+len(t.in.Cx))))[:len(t.plays)]
	for i := range t.plays {
		e, m := &events[i], &t.plays[i]
		t.carried(e, m.m)
		switch {
		case m.c != nil && m.answer:
			e.Cx, e.Kind, e.Method, e.Summary = m.c, KindCx, answerName(m.c.Name), t.cxAnswerSummary(m.c)
		case m.c != nil:
			e.Cx, e.Kind, e.Method, e.Summary = m.c, KindCx, m.c.Name, t.cxRequestSummary(m.c)
		case m.answer:
			e.Exchange, e.Method, e.Status = m.x, method(m.x), m.m.Status
			e.Kind, e.Summary = t.responseSummary(m.x, m.m)
		default:
			e.Exchange, e.Method = m.x, method(m.x)
			e.Kind, e.Summary = t.requestSummary(m.x)
		}
	}
	return events
}

// carried fills in what a message's hops tell.
func (t *Teller) carried(e *Event, m *fact.Message) {
	e.Hops, e.Frames = t.made.hops.Some(len(m.Hops)), t.made.frames.Some(len(m.Hops))
	for i := range m.Hops {
		h, hop := &m.Hops[i], &e.Hops[i]
		e.Frames[i] = h.Frame
		hop.Frame, hop.Time, hop.From, hop.To = h.Frame, h.Time, t.label.of(h.Src), t.label.of(h.Dst)
		hop.Repeat, hop.Copy = h.Repeat, h.Copy
		if h.Path != 0 {
			hop.Path = t.ctx.Path(h.Path)
		}
		if h.Repeat {
			e.Repeats++
		}
		if i == 0 || !h.Repeat && !h.Copy {
			e.To = hop.To
		}
	}
	first := &e.Hops[0]
	e.Time, e.Frame, e.From = first.Time, first.Frame, first.From
}

// withExpiries adds an event for what only the clock did, behind all that came before it in time.
func (t *Teller) withExpiries(events []Event) []Event {
	for _, d := range t.deregs {
		if !d.silent {
			continue
		}
		at := len(events)
		for at > 0 && events[at-1].Time > d.time {
			at--
		}
		events = slices.Insert(events, at, Event{Time: d.time, Kind: KindExpiry, Frame: d.frame,
			Summary: t.words("granted time ran out: ", t.joined(d.pub.Contacts, ", "))})
	}
	return events
}

// method spells the exchange's method.
func method(x *fact.Exchange) string {
	if x.MethodName != "" {
		return x.MethodName
	}
	return x.Method.String()
}
