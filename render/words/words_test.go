package words

import (
	"slices"
	"strings"
	"testing"

	"imscope/correlate/fact"
	"imscope/correlate/story"
)

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		list []uint32
		most int
		want string
	}{
		{nil, 3, ""},
		{[]uint32{7}, 3, "#7"},
		{[]uint32{7, 8}, 3, "#7 #8"},
		{[]uint32{7, 8, 9, 12}, 3, "#7–9 #12"},
		{[]uint32{1, 3, 5, 7, 9}, 2, "#1 #3 and 3 more"},
	} {
		if got := Frames(c.list, c.most); got != c.want {
			t.Errorf("%v: %q, want %q", c.list, got, c.want)
		}
	}
}

func hops(pairs ...string) []story.Hop {
	var out []story.Hop
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, story.Hop{Frame: uint32(i + 1), Time: int64(i + 1), From: pairs[i], To: pairs[i+1]})
	}
	return out
}

func TestWays(t *testing.T) {
	answer := &story.Event{}
	for _, c := range []struct {
		e    Exchange
		want string
	}{
		{Exchange{Event: &story.Event{Hops: hops("UE", "P-CSCF", "P-CSCF", "S-CSCF")}}, "UE → P-CSCF → S-CSCF"},
		{Exchange{Event: &story.Event{Hops: hops("P-CSCF", "S-CSCF", "UE", "P-CSCF")}}, "UE → P-CSCF → S-CSCF"}, // captured out of order
		{Exchange{Event: &story.Event{Hops: hops("UE", "P-CSCF", "UE", "P-CSCF", "P-CSCF", "S-CSCF")}}, "UE → P-CSCF → S-CSCF"},
		{Exchange{Event: &story.Event{Hops: hops("S-CSCF", "AS 1", "S-CSCF", "AS 2")}}, "S-CSCF → AS 1, S-CSCF → AS 2"},
		{Exchange{Event: &story.Event{Cx: &fact.Cx{}, Hops: hops("I-CSCF", "HSS")}, Answer: answer}, "I-CSCF ⇄ HSS"},
		{Exchange{Event: &story.Event{Hops: hops("S-CSCF", "AS")}, Answer: answer}, "S-CSCF → AS"},
		{Exchange{Event: &story.Event{}}, ""},
	} {
		if got := paths(c.e); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	notify, register, cx := &fact.Exchange{}, &fact.Exchange{}, &fact.Cx{}
	list := Fold([]story.Event{
		{Frame: 1, Kind: story.KindRegister, Exchange: register},
		{Frame: 2, Kind: story.KindCx, Cx: cx},
		{Frame: 3, Kind: story.KindCx, Cx: cx},
		{Frame: 4, Kind: story.KindRegistered, Status: 200, Exchange: register},
		{Frame: 5, Kind: story.KindNotify, Exchange: notify},
		{Frame: 6, Kind: story.KindExpiry},
		{Frame: 7, Kind: story.KindResponse, Status: 200, Exchange: notify},
		{Frame: 8, Kind: story.KindFailure, Status: 408, Exchange: notify},
	})
	var got []uint32
	for _, e := range list {
		got = append(got, e.Frame)
		if e.Answer != nil {
			got = append(got, 100+e.Answer.Frame)
		}
	}
	if want := []uint32{1, 2, 103, 4, 5, 107, 6, 8}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestNodes(t *testing.T) {
	n := NodesOf(&story.User{Timeline: []story.Event{
		{Hops: hops("UE 10.0.0.1", "P-CSCF", "P-CSCF", "10.9.9.9")},
		{Hops: hops("UE 10.0.0.10", "P-CSCF")},
	}})
	if got := n.In("UE 10.0.0.10 and UE 10.0.0.1 by P-CSCF, UE"); got != "UE2 and UE1 by P-CSCF, UE" {
		t.Error(got)
	}
	if l := n.Legend(); len(l) != 2 || l[0].Short != "UE1" || l[0].Address() != "10.0.0.1" || l[1].Address() != "10.0.0.10" {
		t.Errorf("%+v", l)
	}
	if n.Name("10.9.9.9") != "10.9.9.9" || n.Name("P-CSCF") != "P-CSCF" {
		t.Error("a name that is short already changes")
	}
}

func TestRank(t *testing.T) {
	user := func(by, outcome string) *story.User {
		return &story.User{Deregistrations: []*story.Deregistration{{Initiator: by, Outcome: outcome}}}
	}
	best := NewTop(4)
	for i := range 100 {
		u := user(story.ByUser, story.Rejected)
		if i == 70 {
			u = user(story.ByNetwork, story.Complete)
		}
		best.Offer(StandingOf(u, nil))
	}
	list := best.best()
	if len(list) != 4 || list[0].Order != 70 || list[1].Order != 0 || list[2].Order != 1 {
		t.Errorf("%+v", list)
	}
}

// paths writes ways as text does.
func paths(e Exchange) string {
	out := ""
	for i, w := range Ways(e) {
		if i > 0 {
			out += ", "
		}
		out += strings.Join(w.Nodes, w.Arrow())
	}
	return out
}
