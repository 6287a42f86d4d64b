package finding

import (
	"slices"
	"testing"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// register makes a REGISTER of a device that was answered.
func register(frame uint32, callID string, status int, contacts ...string) *fact.Exchange {
	x := &fact.Exchange{CallID: callID, Register: &fact.Register{Expires: 600, Answer: fact.RegisterAnswer{Expires: 600}}}
	x.Request.Hops = []fact.Hop{{Frame: frame, Time: int64(frame) * Second}}
	x.Responses = []fact.Message{{Status: status, Hops: []fact.Hop{{Frame: frame + 1, Time: int64(frame+1) * Second}}}}
	for _, k := range contacts {
		x.Register.Contacts = append(x.Register.Contacts, fact.ContactValue{Key: k, Expires: fact.Absent})
	}
	return x
}

func TestJudge(t *testing.T) {
	frames := []uint32{7, 8}
	said := 0
	judge := NewJudge([]*Rule{
		{Code: "always", Severity: problem.Error, Check: func(c *Case, report func(Hit)) {
			report(Hit{Detail: "sure", Frames: frames})
			report(Hit{Detail: "in doubt", Doubt: "lost"})
			report(Hit{Detail: "mild", HasMild: true, Mild: problem.Info})
		}},
		{Code: "cx", Needs: HasCx, Check: func(c *Case, report func(Hit)) { said++; report(Hit{}) }},
	})
	c := Case{User: &story.User{ID: "sip:a@b"}}
	list, dropped := judge.Judge(&c, 10)
	if len(list) != 3 || dropped != 0 || said != 0 {
		t.Fatalf("%d findings, %d dropped, the rule about Cx asked %d times: %+v", len(list), dropped, said, list)
	}
	for i, want := range []problem.Severity{problem.Error, problem.Warning, problem.Info} {
		if f := list[i]; f.Severity != want || f.Rule != "always" || f.User != "sip:a@b" {
			t.Errorf("%+v, want %s", f, want)
		}
	}
	c.Cx = []*fact.Cx{{}}
	if more, dropped := judge.Judge(&c, 2); len(more) != 2 || dropped != 2 || said != 1 {
		t.Errorf("%d findings, %d dropped, the rule about Cx asked %d times", len(more), dropped, said)
	}
	if frames[0] = 0; !slices.Equal(list[0].Frames, []uint32{7, 8}) || list[1].Detail != "in doubt" {
		t.Errorf("the findings of a case changed: %+v", list)
	}
}

// What is worked out for a case is not left to the next one.
func TestJudgeForgets(t *testing.T) {
	var got []int
	judge := NewJudge([]*Rule{{Check: func(c *Case, report func(Hit)) {
		bound := 0
		for _, contact := range []string{"a", "b"} {
			if c.Bound(contact, 100) != nil {
				bound++
			}
		}
		got = append(got, len(c.Rounds()), len(c.Grants()), bound, len(c.ThirdParty()))
	}}})
	third := register(9, "c", 200)
	third.Register.ThirdParty = true
	full := Case{User: &story.User{}, Exchanges: []*fact.Exchange{register(1, "c", 401, "a"), register(3, "c", 200, "a", "b"), third}}
	empty := Case{User: &story.User{}}
	for _, c := range []*Case{&full, &empty, &full} {
		judge.Judge(c, 1)
	}
	if want := []int{2, 2, 2, 1, 0, 0, 0, 0, 2, 2, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRounds(t *testing.T) {
	c := Case{}
	for i, callID := range []string{"a", "a", "b", "a", "c", "b", "b"} {
		c.Exchanges = append(c.Exchanges, register(uint32(2*i+1), callID, 200, "k"))
	}
	rounds := c.Rounds()
	for i, want := range []int{-1, 0, -1, 1, -1, 2, 5} { // the one before in the Call-ID
		switch p := rounds[i].Prev; {
		case p == nil && want >= 0, p != nil && (want < 0 || p != rounds[want] || p.Next != rounds[i]):
			t.Errorf("round %d does not follow %d", i, want)
		}
	}
	if n := len(c.Grants()); n != 7 || len(c.GrantsOf(rounds[4])) != 1 || c.GrantsOf(rounds[4])[0].Round != rounds[4] {
		t.Errorf("%d grants, of round 4: %+v", n, c.GrantsOf(rounds[4]))
	}
}

// A device that starts over with a new Call-ID goes on, unless the old one does.
func TestRoundsOfADevice(t *testing.T) {
	c := Case{Addr: func(id fact.NodeID) string { return string(rune('a' + id)) }}
	type round struct {
		callID, uri, instance string
		status                int
		src                   fact.NodeID
	}
	for i, tt := range []struct {
		list []round
		want []int // the one before, -1 for none
	}{
		{[]round{{"a", "sip:x@h:1", "", 500, 1}, {"b", "sip:x@h:2", "", 200, 1}}, []int{-1, 0}},
		{[]round{{"a", "sip:x@h", "i", 500, 1}, {"b", "sip:x@g", "i", 200, 1}}, []int{-1, 0}},
		{[]round{{"a", "sip:x@h", "", 500, 1}, {"b", "sip:x@g", "", 200, 1}}, []int{-1, -1}},
		{[]round{{"a", "sip:x@h", "i", 500, 1}, {"b", "sip:x@h", "j", 200, 1}}, []int{-1, -1}},
		{[]round{{"a", "sip:x@h", "", 500, 1}, {"b", "sip:x@h", "", 200, 2}}, []int{-1, -1}}, // another sender
		{[]round{{"a", "sip:x@h", "", 401, 1}, {"b", "sip:x@h", "", 401, 1}, {"a", "sip:x@h", "", 200, 1}, {"b", "sip:x@h", "", 200, 1}}, []int{-1, -1, 0, 1}},
		{[]round{{"a", "sip:x@h", "", 0, 1}, {"b", "sip:x@h", "", 200, 1}}, []int{-1, -1}}, // both under way
	} {
		c.Exchanges, c.memo = nil, nil
		for j, r := range tt.list {
			x := register(uint32(2*j+1), r.callID, r.status, r.uri)
			x.Request.Hops[0].Src = r.src
			k := &x.Register.Contacts[0]
			if k.URI, k.Instance = r.uri, r.instance; r.status == 0 {
				x.Responses = nil
			}
			c.Exchanges = append(c.Exchanges, x)
		}
		rounds := c.Rounds()
		for j, want := range tt.want {
			switch p := rounds[j].Prev; {
			case p == nil && want >= 0, p != nil && (want < 0 || p != rounds[want] || p.Next != rounds[j]):
				t.Errorf("case %d: round %d does not follow %d", i, j, want)
			}
		}
	}
}

func TestBound(t *testing.T) {
	c := Case{Exchanges: []*fact.Exchange{register(1, "c", 200, "b", "a"), register(3, "c", 403, "a"), register(5, "c", 200, "a")}}
	for _, tt := range []struct {
		contact string
		before  uint32
		frame   uint32 // 0 for nothing
	}{
		{"a", 1, 0}, {"a", 2, 1}, {"a", 5, 1}, {"a", 6, 5}, {"b", 6, 1}, {"b", 1, 0}, {"", 6, 0}, {"aa", 6, 0}, {"c", 6, 0},
	} {
		frame := uint32(0)
		if x := c.Bound(tt.contact, tt.before); x != nil {
			frame = x.FirstFrame()
		}
		if frame != tt.frame {
			t.Errorf("Bound(%q, %d) is in frame %d, want %d", tt.contact, tt.before, frame, tt.frame)
		}
	}
}

// TestJudgeOfCutMessages: what a message lacks of which the capture holds the beginning only is no fault for sure.
func TestJudgeOfCutMessages(t *testing.T) {
	judge := NewJudge([]*Rule{{Code: "missing", Severity: problem.Error, Check: func(c *Case, report func(Hit)) {
		report(Hit{Frames: []uint32{4}})
		report(Hit{Frames: []uint32{9}})
	}}})
	whole, short := register(9, "whole", 200), register(3, "short", 200)
	short.Problems = []fact.Problem{{Code: sip.ProbNoHeaderEnd, Frame: 3}}
	list, _ := judge.Judge(&Case{User: &story.User{}, Exchanges: []*fact.Exchange{short, whole}}, 10)
	if len(list) != 2 || list[0].Severity != problem.Warning || list[0].Doubt == "" || list[1].Severity != problem.Error {
		t.Errorf("%+v", list)
	}
}
