package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
)

// moment is a point of the capture at which something was seen first: a request, a final response, a request
// or an answer on Cx.
type moment struct {
	frame  uint32
	seq    int32 // order within a frame
	answer bool
	x      *fact.Exchange // nil on Cx
	c      *fact.Cx
	m      *fact.Message
}

// moments lists what the facts say in the order in which it was seen first. Provisional responses are left
// out: they say nothing of registration.
func (t *Teller) moments() {
	ms := slices.Grow(t.plays, 2*(len(t.in.Exchanges)+len(t.in.Cx)))
	sorted := true
	add := func(to moment) {
		if !to.m.Seen() {
			return
		}
		to.frame, to.seq = to.m.Hops[0].Frame, int32(len(ms))
		sorted = sorted && (len(ms) == 0 || ms[len(ms)-1].frame <= to.frame)
		ms = append(ms, to)
	}
	for _, x := range t.in.Exchanges {
		add(moment{x: x, m: &x.Request})
		for i := range x.Responses {
			if r := &x.Responses[i]; r.Status >= 200 {
				add(moment{x: x, m: r, answer: true})
			}
		}
	}
	for _, c := range t.in.Cx {
		add(moment{c: c, m: &c.Request})
		add(moment{c: c, m: &c.Answer, answer: true})
	}
	if !sorted {
		slices.SortFunc(ms, func(a, b moment) int {
			return cmp.Or(cmp.Compare(a.frame, b.frame), cmp.Compare(a.seq, b.seq))
		})
	}
	t.plays = ms
}

// play lets a moment happen.
func (t *Teller) play(m *moment) {
	switch x := m.x; {
	case x == nil && m.answer:
		t.cxAnswer(m.c)
	case x == nil:
		t.cxRequest(m.c)
	case !m.answer:
		t.playRequest(x)
	case m.m == x.Final():
		t.playAnswer(x, m.m)
	}
}

func (t *Teller) playRequest(x *fact.Exchange) {
	switch {
	case x.Register != nil:
		switch {
		case !x.Register.ThirdParty:
			t.registerRequest(x)
		case x.Register.Expires == 0:
			t.farewells = append(t.farewells, x)
		}
	case x.Subscribe != nil:
		t.subscribeRequest(x)
	case x.Notify != nil:
		t.notify(x)
	}
}

func (t *Teller) playAnswer(x *fact.Exchange, final *fact.Message) {
	switch {
	case x.Register != nil:
		if !x.Register.ThirdParty {
			t.registerAnswer(x, final)
		}
	case x.Subscribe != nil:
		t.subscribeAnswer(x, final)
	}
}
