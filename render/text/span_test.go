package text

import (
	"slices"
	"strings"
	"testing"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/render/style"
)

func (l line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.text)
	}
	return b.String()
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text        string
		first, rest int
		want        []string
	}{
		{"", 5, 5, []string{""}},
		{"one two", 7, 7, []string{"one two"}},
		{"one two three", 8, 5, []string{"one two", "three"}},
		{"one two three", 3, 5, []string{"one", "two", "three"}},
		{"two  spaces here", 12, 12, []string{"two  spaces", "here"}},
		{"sip:a-word-that-is-too-long x", 10, 12, []string{"sip:a-word", "-that-is-too", "-long x"}},
		{"x sip:fits-below", 8, 14, []string{"x", "sip:fits-below"}},
		{"日本語 日本", 6, 5, []string{"日本語", "日本"}},
		{"日本語", 5, 4, []string{"日本", "語"}},
	} {
		var got []string
		for _, l := range (line{plain(c.text)}).wrap(c.first, c.rest) {
			got = append(got, l.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %d, %d: %q, want %q", c.text, c.first, c.rest, got, c.want)
		}
	}
	// Looks stay with their words, and what is solid stays together.
	l := line{say(style.Bad, "one two"), plain(" "), solid(style.Faint, "[a rule, RFC 3261 8.1]")}
	got := l.wrap(12, 40)
	if len(got) != 2 || got[0].String() != "one two" || got[0][0].role != style.Bad || got[1].String() != "[a rule, RFC 3261 8.1]" {
		t.Errorf("%v", got)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"}, {"abc", 1, "…"}, {"abc", 0, ""}} {
		if got := (line{plain(c.text)}).cut(c.columns).String(); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.columns, got, c.want)
		}
	}
	if got := (line{plain("ab"), say(style.Bad, "cd")}).cut(3).String(); got != "ab…" {
		t.Errorf("across spans: %q", got)
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three", " four", uint8(5), uint8(9))
	f.Add("日本語 \x1b[31m", "x y", uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, a, b string, first, rest uint8) {
		l := line{plain(a), say(style.Bad, b)}
		f, r := int(first)+2, int(rest)+2 // two columns take any character
		var back strings.Builder
		for i, part := range l.wrap(f, r) {
			room := r
			if i == 0 {
				room = f
			}
			if w := part.width(); w > room {
				t.Errorf("%d columns in %d: %q", w, room, part.String())
			}
			back.WriteString(part.String())
		}
		// Only spaces may go.
		if got, want := strings.ReplaceAll(back.String(), " ", ""), strings.ReplaceAll(l.String(), " ", ""); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

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
		if got := frames(c.list, c.most).text; got != c.want {
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

func TestPath(t *testing.T) {
	n := nodesOf(&story.User{})
	answer := &story.Event{}
	for _, c := range []struct {
		e    exchange
		want string
	}{
		{exchange{Event: &story.Event{Hops: hops("UE", "P-CSCF", "P-CSCF", "S-CSCF")}}, "UE → P-CSCF → S-CSCF"},
		{exchange{Event: &story.Event{Hops: hops("P-CSCF", "S-CSCF", "UE", "P-CSCF")}}, "UE → P-CSCF → S-CSCF"}, // captured out of order
		{exchange{Event: &story.Event{Hops: hops("UE", "P-CSCF", "UE", "P-CSCF", "P-CSCF", "S-CSCF")}}, "UE → P-CSCF → S-CSCF"},
		{exchange{Event: &story.Event{Hops: hops("S-CSCF", "AS 1", "S-CSCF", "AS 2")}}, "S-CSCF → AS 1, S-CSCF → AS 2"},
		{exchange{Event: &story.Event{Cx: &fact.Cx{}, Hops: hops("I-CSCF", "HSS")}, answer: answer}, "I-CSCF ⇄ HSS"},
		{exchange{Event: &story.Event{Hops: hops("S-CSCF", "AS")}, answer: answer}, "S-CSCF → AS"},
		{exchange{Event: &story.Event{}}, ""},
	} {
		if got := n.path(c.e).String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestFolded(t *testing.T) {
	notify, register, cx := &fact.Exchange{}, &fact.Exchange{}, &fact.Cx{}
	list := folded([]story.Event{
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
		if e.answer != nil {
			got = append(got, 100+e.answer.Frame)
		}
	}
	if want := []uint32{1, 2, 103, 4, 5, 107, 6, 8}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestNodes(t *testing.T) {
	n := nodesOf(&story.User{Timeline: []story.Event{
		{Hops: hops("UE 10.0.0.1", "P-CSCF", "P-CSCF", "10.9.9.9")},
		{Hops: hops("UE 10.0.0.10", "P-CSCF")},
	}})
	if got := n.in("UE 10.0.0.10 and UE 10.0.0.1 by P-CSCF, UE"); got != "UE2 and UE1 by P-CSCF, UE" {
		t.Error(got)
	}
	if got := n.line().String(); got != "UE1 10.0.0.1, UE2 10.0.0.10" {
		t.Error(got)
	}
	if n.name("10.9.9.9") != "10.9.9.9" || n.name("P-CSCF") != "P-CSCF" {
		t.Error("a name that is short already changes")
	}
}

func TestRank(t *testing.T) {
	user := func(by, outcome string) *story.User {
		return &story.User{Deregistrations: []*story.Deregistration{{Initiator: by, Outcome: outcome}}}
	}
	best := top{most: 4, kinds: map[string][]ranked{}}
	var want *story.User
	for i := range 100 {
		u := user(story.ByUser, story.Rejected)
		if i == 70 {
			u = user(story.ByNetwork, story.Complete)
			want = u
		}
		best.offer(ranked{u, interest(u, nil), i}, kind(u, nil))
	}
	list := best.best()
	if len(list) != 4 || list[0].user != want || list[1].order != 0 || list[2].order != 1 {
		t.Errorf("%+v", list)
	}
}
