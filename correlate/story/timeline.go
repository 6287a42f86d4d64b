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
	n := 2 * (len(t.in.Exchanges) + len(t.in.Cx))
	events := make([]Event, 0, n)
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

// event fills in what a message's hops tell.
func (t *teller) event(m *fact.Message) Event {
	first := m.First()
	e := Event{Time: first.Time, Frame: first.Frame, From: t.label.of(first.Src), To: t.label.of(m.Last().Dst),
		Frames: make([]uint32, 0, len(m.Hops)), Hops: make([]Hop, 0, len(m.Hops))}
	for _, h := range m.Hops {
		e.Frames = append(e.Frames, h.Frame)
		hop := Hop{Frame: h.Frame, Time: h.Time, From: t.label.of(h.Src), To: t.label.of(h.Dst), Repeat: h.Repeat, Copy: h.Copy}
		if h.Path != 0 {
			hop.Path = t.ctx.Path(h.Path)
		}
		if h.Repeat {
			e.Repeats++
		}
		e.Hops = append(e.Hops, hop)
	}
	return e
}

func (t *teller) requestSummary(x *fact.Exchange) (EventKind, string) {
	var b strings.Builder
	b.WriteString(method(x))
	switch {
	case x.Register != nil && x.Register.ThirdParty:
		fmt.Fprintf(&b, " third-party for %s", x.To.Raw)
		if x.Register.Expires != fact.Absent {
			fmt.Fprintf(&b, " expires=%d", x.Register.Expires)
		}
		return KindThirdParty, b.String()
	case x.Register != nil:
		return t.registerSummary(x, &b)
	case x.Subscribe != nil:
		fmt.Fprintf(&b, " reg")
		if e := x.Subscribe.Expires; e != fact.Absent {
			fmt.Fprintf(&b, " expires=%d", e)
		}
		if x.ToTag != "" {
			b.WriteString(", in dialog")
		}
		return KindSubscribe, b.String()
	case x.Notify != nil:
		n := x.Notify
		if d := n.Document; d != nil {
			b.WriteString(" reginfo")
			if d.Version != fact.Absent {
				fmt.Fprintf(&b, " v%d", d.Version)
			}
			if d.State != reginfo.StateUnknown {
				b.WriteString(" " + d.State.String())
			}
		} else if !n.HasBody {
			b.WriteString(" without a document")
		}
		if n.HasState {
			b.WriteString(", Subscription-State: " + subscriptionState(n))
		}
		return KindNotify, b.String()
	}
	return KindPublish, b.String()
}

func (t *teller) registerSummary(x *fact.Exchange, b *strings.Builder) (EventKind, string) {
	r := x.Register
	kind := KindRegister
	fmt.Fprintf(b, " %d", x.CSeq)
	switch {
	case r.Star:
		b.WriteString(" Contact: *, expires=0")
		kind = KindDeregister
	case r.Removes():
		b.WriteString(" expires=0")
		kind = KindDeregister
	case len(r.Contacts) == 0:
		b.WriteString(" query")
	default:
		if e := r.EffectiveExpires(r.Contacts[0]); e != fact.Absent {
			fmt.Fprintf(b, " expires=%d", e)
		}
	}
	switch {
	case r.Integrity == "yes" || strings.HasSuffix(r.Integrity, "-yes"):
		b.WriteString(", integrity-protected")
	case r.AUTS:
		b.WriteString(", resynchronisation (auts)")
	case r.Response:
		b.WriteString(", with credentials")
	}
	return kind, b.String()
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
