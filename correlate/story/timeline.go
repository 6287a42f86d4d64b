package story

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/decode/reginfo"
)

// timeline makes an event of each message of the user, in the order of first frames. Provisional
// responses are left out: they say nothing of registration.
func (t *teller) timeline() []Event {
	events := make([]Event, 0, 2*(len(t.in.Exchanges)+len(t.in.Cx)))
	t.room()
	for _, x := range t.in.Exchanges {
		if x.Request.Seen() {
			e := t.event(&x.Request)
			e.Exchange, e.Method = x, method(x)
			e.Kind, e.Summary = t.requestSummary(x)
			events = append(events, e)
		}
		for i := range x.Responses {
			r := &x.Responses[i]
			if r.Status < 200 {
				continue
			}
			e := t.event(r)
			e.Exchange, e.Method, e.Status = x, method(x), r.Status
			e.Kind, e.Summary = responseSummary(x, r)
			events = append(events, e)
		}
	}
	for _, c := range t.in.Cx {
		if c.Request.Seen() {
			e := t.event(&c.Request)
			e.Cx, e.Kind, e.Method, e.Summary = c, KindCx, c.Name, cxRequestSummary(c)
			events = append(events, e)
		}
		if c.Answer.Seen() {
			e := t.event(&c.Answer)
			e.Cx, e.Kind, e.Method, e.Summary = c, KindCx, answerName(c.Name), cxAnswerSummary(c)
			events = append(events, e)
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.Frame, b.Frame) })
	return events
}

// room makes room for the hops of all events at once.
func (t *teller) room() {
	n := 0
	for _, x := range t.in.Exchanges {
		n += len(x.Request.Hops)
		for i := range x.Responses {
			n += len(x.Responses[i].Hops)
		}
	}
	for _, c := range t.in.Cx {
		n += len(c.Request.Hops) + len(c.Answer.Hops)
	}
	t.hops, t.frames = make([]Hop, 0, n), make([]uint32, 0, n)
}

// event fills in what a message's hops tell.
func (t *teller) event(m *fact.Message) Event {
	first, from := m.First(), len(t.hops)
	e := Event{Time: first.Time, Frame: first.Frame, From: t.label.of(first.Src), To: t.label.of(m.Last().Dst)}
	for i := range m.Hops {
		h := &m.Hops[i]
		hop := Hop{Frame: h.Frame, Time: h.Time, From: t.label.of(h.Src), To: t.label.of(h.Dst), Repeat: h.Repeat, Copy: h.Copy}
		if h.Path != 0 {
			hop.Path = t.ctx.Path(h.Path)
		}
		if h.Repeat {
			e.Repeats++
		}
		t.hops, t.frames = append(t.hops, hop), append(t.frames, h.Frame)
	}
	end := len(t.hops)
	e.Hops, e.Frames = t.hops[from:end:end], t.frames[from:end:end]
	return e
}

// requestSummary words a request.
func (t *teller) requestSummary(x *fact.Exchange) (EventKind, string) {
	b := append(t.text[:0], method(x)...)
	kind := KindPublish
	switch {
	case x.Register != nil && x.Register.ThirdParty:
		kind = KindThirdParty
		b = append(append(b, " third-party for "...), x.To.Raw...)
		b = appendNumber(b, " expires=", x.Register.Expires)
	case x.Register != nil:
		b, kind = appendRegister(b, x)
	case x.Subscribe != nil:
		kind = KindSubscribe
		b = appendNumber(append(b, " reg"...), " expires=", x.Subscribe.Expires)
		if x.ToTag != "" {
			b = append(b, ", in dialog"...)
		}
	case x.Notify != nil:
		kind = KindNotify
		b = appendNotify(b, x.Notify)
	}
	t.text = b
	return kind, string(b)
}

// appendNumber appends a number behind its name, unless it is absent.
func appendNumber(b []byte, name string, n int64) []byte {
	if n == fact.Absent {
		return b
	}
	return strconv.AppendInt(append(b, name...), n, 10)
}

func appendNotify(b []byte, n *fact.Notify) []byte {
	if d := n.Document; d != nil {
		b = appendNumber(append(b, " reginfo"...), " v", d.Version)
		if d.State != reginfo.StateUnknown {
			b = append(append(b, ' '), d.State.String()...)
		}
	} else if !n.HasBody {
		b = append(b, " without a document"...)
	}
	if n.HasState {
		b = append(append(b, ", Subscription-State: "...), subscriptionState(n)...)
	}
	return b
}

func appendRegister(b []byte, x *fact.Exchange) ([]byte, EventKind) {
	r := x.Register
	kind := KindRegister
	b = appendNumber(b, " ", int64(x.CSeq))
	switch {
	case r.Star:
		b = append(b, " Contact: *, expires=0"...)
		kind = KindDeregister
	case r.Removes():
		b = append(b, " expires=0"...)
		kind = KindDeregister
	case len(r.Contacts) == 0:
		b = append(b, " query"...)
	default:
		b = appendNumber(b, " expires=", r.EffectiveExpires(r.Contacts[0]))
	}
	switch {
	case r.Integrity == "yes" || strings.HasSuffix(r.Integrity, "-yes"):
		b = append(b, ", integrity-protected"...)
	case r.AUTS:
		b = append(b, ", resynchronisation (auts)"...)
	case r.Response:
		b = append(b, ", with credentials"...)
	}
	return b, kind
}

func responseSummary(x *fact.Exchange, m *fact.Message) (EventKind, string) {
	s := statusText(m)
	switch {
	case m.Status == 401 || m.Status == 407:
		return KindChallenge, s
	case m.Status >= 300:
		return KindFailure, s + " to " + method(x)
	case x.Register != nil && !x.Register.ThirdParty:
		r := x.Register
		switch {
		case r.Removes():
			if x.Final() == m && r.Answer.Expires == 0 || hasZero(r.Answer.Contacts) {
				return KindDeregister, s + ", expires=0"
			}
			if n := len(r.Answer.Contacts); n > 0 {
				return KindDeregister, fmt.Sprintf("%s, %d remaining", s, n)
			}
			return KindDeregister, s
		case r.Binds():
			if g, _ := r.Granted(r.Contacts[0]); g != fact.Absent {
				s += ", granted " + strconv.FormatInt(g, 10) + " s"
			}
			return KindRegistered, s
		}
		return KindResponse, s
	case x.Subscribe != nil:
		if g := x.Subscribe.Granted; g != fact.Absent {
			s += ", expires=" + strconv.FormatInt(g, 10)
		}
		return KindResponse, s
	}
	return KindResponse, s
}

func hasZero(cs []fact.ContactValue) bool {
	return slices.ContainsFunc(cs, func(c fact.ContactValue) bool { return c.Expires == 0 })
}

// withExpiries adds an event for what only the clock did, behind all that came before it in time.
func (t *teller) withExpiries(events []Event) []Event {
	for _, d := range t.deregs {
		if !d.silent {
			continue
		}
		at := len(events)
		for at > 0 && events[at-1].Time > d.time {
			at--
		}
		events = slices.Insert(events, at, Event{Time: d.time, Kind: KindExpiry, Frame: d.frame,
			Summary: "granted time ran out: " + strings.Join(d.pub.Contacts, ", ")})
	}
	return events
}
