package story

import (
	"sort"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// delays tells how long each node held the request and its answer.
func (d *dissector) delays(x *fact.Exchange, final *fact.Message, cx []CxStep) []Delay {
	n := len(x.Request.Hops)
	if final != nil {
		n += len(final.Hops)
	}
	out := d.made.delays.Some(n)[:0]
	add := func(step string, in, away *fact.Hop) {
		l := Delay{Node: d.label(away.Src), Step: step, Frame: away.Frame, Took: max(away.Time-in.Time, 0)}
		for i := range cx {
			c := cx[i].Cx
			if cx[i].Took > 0 && c.FirstTime() >= in.Time && c.Answer.First().Time <= away.Time {
				l.HSS += cx[i].Took
			}
		}
		out = append(out, l)
	}
	requests := x.Request.Hops
	for i := range requests {
		if h := &requests[i]; !h.Repeat && !h.Copy {
			if in := d.before(requests[:i], h, true); in != nil {
				add(StepForward, in, h)
			}
		}
	}
	if final == nil {
		return out
	}
	if in := d.before(requests, &final.Hops[0], false); in != nil {
		add(StepAnswer, in, &final.Hops[0])
	}
	for i := range final.Hops {
		if h := &final.Hops[i]; i > 0 && !h.Repeat && !h.Copy {
			if in := d.before(final.Hops[:i], h, false); in != nil {
				add(StepReturn, in, h)
			}
		}
	}
	return out
}

// before finds the hop on which a node got what it sends on in h: the first transmission, not a later
// copy of it. On its way a request gathers Vias.
func (d *dissector) before(hops []fact.Hop, h *fact.Hop, request bool) *fact.Hop {
	for i := len(hops) - 1; i >= 0; i-- {
		in := &hops[i]
		if in.Repeat || in.Copy || !d.same(in.Dst, h.Src) || request && in.Vias >= h.Vias && h.Vias > 0 {
			continue
		}
		return in
	}
	return nil
}

// asked finds the Cx transactions that belong to a round: those of this private identity that began
// while it was under way. The S-CSCF may report to the HSS behind its 200.
func (d *dissector) asked(x *fact.Exchange, final *fact.Message, until uint32) []CxStep {
	if len(d.cx) == 0 {
		return nil
	}
	from, deadline := x.FirstFrame(), x.FirstTime()+timerF
	last := uint32(1<<32 - 1)
	if final != nil {
		last = final.Last().Frame
		deadline = final.Last().Time
		if final.Status < 300 {
			deadline += settleTime
		}
	}
	var out []CxStep
	tail := d.cx[sort.Search(len(d.cx), func(i int) bool { return d.cx[i].FirstFrame() > from }):]
	for _, c := range tail[:min(len(tail), maxCxPerRound)] {
		if c.FirstTime() > deadline {
			break
		}
		late := c.FirstFrame() > last
		switch {
		case c.Name != "UAR" && c.Name != "MAR" && c.Name != "SAR", !c.Request.Seen():
			continue
		case late && (c.Name != "SAR" || c.FirstFrame() > until):
			continue
		case final == nil && c.FirstFrame() > until:
			continue
		case !identity.SameIMPI(c.UserName, x.Register.IMPI):
			continue
		case c.Name == "MAR" && c.Nonce != "" && x.Register.Answer.Nonce != "" && c.Nonce != x.Register.Answer.Nonce:
			continue // another device's
		}
		s := CxStep{Cx: c, Name: c.Name}
		if c.Answer.Seen() {
			s.Name, s.Result, s.OK = answerName(c.Name), d.result(c), c.Succeeded()
			s.Took = max(c.Answer.First().Time-c.Request.First().Time, 1)
		}
		out = d.made.cx.Add(out, s)
	}
	return out
}

// repeats lists the retransmissions of a round and reads the sender's timers off them.
func (d *dissector) repeats(o *Round, final *fact.Message) {
	t1 := int64(0)
	list := func(m *fact.Message, answer bool) {
		for i := range m.Hops {
			h := &m.Hops[i]
			if !h.Repeat {
				continue
			}
			for j := range m.Hops[:i] {
				if s := &m.Hops[j]; s.Src == h.Src && s.Dst == h.Dst && s.Branch == h.Branch && !s.Copy {
					if !answer && j == 0 && t1 == 0 {
						t1 = h.Time - s.Time
					}
					if len(o.Repeats) < maxRepeats {
						o.Repeats = d.made.repeats.Add(o.Repeats, Repeat{h.Frame, h.Time - s.Time, d.label(h.Src), d.label(h.Dst), answer})
					}
					break
				}
			}
		}
	}
	list(&o.Exchange.Request, false)
	if final != nil {
		list(final, true)
	}
	o.T1 = t1
	o.TimerF = o.Time + 64*nominalT1(t1)
}

// nominalT1 gives the T1 that a first retransmission after this time stands for: 500 ms of RFC 3261, 2 s
// of a phone (TS 24.229 7.7), or another one.
func nominalT1(measured int64) int64 {
	const near = 4 // a quarter off is still the same timer on a busy phone
	for _, t1 := range []int64{second / 2, 2 * second} {
		if abs(measured-t1) <= t1/near {
			return t1
		}
	}
	if measured <= 0 {
		return second / 2
	}
	return measured
}

// lastSeen tells where the trace of a round ends, nil if its answer got back to who had asked.
func (d *dissector) lastSeen(x *fact.Exchange, final *fact.Message) *LastSeen {
	if !x.Request.Seen() {
		return nil
	}
	if final == nil {
		h := x.Request.Last()
		l := d.made.lastSeen.One()
		*l = LastSeen{Message: d.message(x), Node: d.label(h.Dst), Frame: h.Frame, Time: h.Time, Blind: !d.seesBehind(h.Dst)}
		return l
	}
	if d.arrived(x, final) {
		return nil
	}
	h := final.Last()
	l := d.made.lastSeen.One()
	*l = LastSeen{Message: d.status(final), Node: d.label(h.Dst), Frame: h.Frame, Time: h.Time}
	return l
}

// arrived reports whether a response got back to where the request was seen first, or further: with one Via it is for who
// sent the request.
func (d *dissector) arrived(x *fact.Exchange, m *fact.Message) bool {
	origin := x.Request.First().Src
	for i := range m.Hops {
		if m.Hops[i].Vias <= 1 || d.same(m.Hops[i].Dst, origin) {
			return true
		}
	}
	return false
}

// seesBehind reports whether the capture would show a node sending a REGISTER on, or whether it is the
// registrar, which sends none on.
func (d *dissector) seesBehind(id fact.NodeID) bool {
	if d.role(id) == fact.RoleSCSCF {
		return true
	}
	return d.u.Context != nil && d.u.Context.Forwards != nil && d.u.Context.Forwards(id)
}
