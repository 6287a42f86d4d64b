package comparison

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate/compare"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/internal/golden"
	"imscope/render/style"
)

// made is a comparison by hand, with what somebody may have put into a message.
func made() *Comparison {
	event := func(frame uint32, ms int64, method string, status int, summary string) *story.Event {
		return &story.Event{Frame: frame, Frames: []uint32{frame}, Time: 1e18 + ms*1e6, From: "UE", To: "P-CSCF", Kind: story.KindRegister, Method: method, Status: status, Summary: summary}
	}
	flow := func(id string, events ...*story.Event) *compare.Flow {
		f := &compare.Flow{User: &story.User{ID: id}}
		for _, e := range events {
			f.Steps = append(f.Steps, compare.Step{Event: e})
		}
		return f
	}
	l := []*story.Event{event(1, 0, "REGISTER", 0, "REGISTER 1"), event(2, 12, "REGISTER", 401, "401"), event(3, 20, "REGISTER", 0, "REGISTER 2 evil\x1b[2J"), event(4, 75_012, "REGISTER", 200, "200 OK")}
	r := []*story.Event{event(7, 0, "REGISTER", 0, "REGISTER 1"), event(8, 9000, "REGISTER", 403, "403"), event(0, 9100, "", 0, "granted time ran out")}
	c := &Comparison{LeftSide: Side{[]string{"good.pcap"}}, RightSide: Side{[]string{"bad\u202e.pcap"}}, Version: "test", Result: &compare.Result{
		Left: flow("sip:a@x", l...), Right: flow("sip:b@x", r...),
		Rows: []compare.Row{
			{Kind: compare.Changed, Left: l[0], Right: r[0], Differences: []compare.Difference{
				{What: "Contact;expires", Left: "600000", Right: "3600"}, {What: "User-Agent", Right: strings.Repeat("long ", 30)}, {What: "Supported", Left: "gruu\x1b]0;x\a"}}},
			{Kind: compare.Changed, Left: l[1], Right: r[1], Differences: []compare.Difference{{What: "Status", Left: "401 Unauthorized", Right: "403 Forbidden"}}, LeftTook: 12e6, RightTook: 9e9, HasTook: true, Slower: true},
			{Kind: compare.Left, Left: l[2]},
			{Kind: compare.Left, Left: l[3], Unseen: true},
			{Kind: compare.Right, Right: r[2]},
		},
		LeftFindings:  []finding.Finding{{Rule: "a-rule", Severity: problem.Warning, Title: "something is odd", Frames: []uint32{3}}},
		RightFindings: nil,
	}}
	c.Right.Cut = 3
	return c
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, made(), render.Options{}); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "comparison.txt", b.Bytes())
	if strings.ContainsAny(b.String(), "\x1b\a\u202e") {
		t.Error("control characters are left")
	}
	sheet, err := style.Choose(style.Always, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := Text(&b, made(), render.Options{Style: sheet}); err != nil || !strings.Contains(b.String(), "\x1b[33m  ~  REGISTER\x1b[0m") {
		t.Errorf("%v %q", err, b.String())
	}
}

// TestWidth: lines keep to the width, at the cost of columns and of addresses, and lose nothing of what they say.
func TestWidth(t *testing.T) {
	show := func(width int) string {
		c := made()
		c.Left.User.Timeline = []story.Event{{Hops: []story.Hop{{From: "UE 2001:db8::101:102:103:104", To: "S-CSCF"}}}}
		c.Rows[2].Left.From, c.Rows[2].Left.To, c.Rows[2].Left.Summary = "UE 2001:db8::101:102:103:104", "S-CSCF", strings.Repeat("x", 300)
		c.RightSide.Captures = []string{strings.Repeat("folder/", 30) + "b.pcap"}
		var b bytes.Buffer
		if err := Text(&b, c, render.Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(b.String(), "\n") {
			if n := displaywidth.String(l); n > width {
				t.Errorf("%d columns, not %d: %s", n, width, l)
			}
		}
		return b.String()
	}
	letters := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if a, b := show(200), show(60); strings.Contains(a, "  |  #7") || !strings.Contains(b, "#1 +0 ms  |  #7 +0 ms\n") || strings.Count(letters(a), "x") != strings.Count(letters(b), "x") {
		t.Errorf("%s\n%s", a, b)
	}
	if s := show(75); !strings.Contains(s, "UE → S-CSCF  #3 +20 ms\n") || strings.Contains(s, "UE 2001") {
		t.Errorf("the names are not short:\n%s", s)
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, made()); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "comparison.json", b.Bytes())
	if !json.Valid(b.Bytes()) || strings.ContainsAny(b.String(), "\x1b\a\u202e") {
		t.Error("not JSON, or not harmless")
	}
}

// What one side has alone is folded where it is much: an hour of refreshes.
func TestFoldAlone(t *testing.T) {
	c := made()
	alone := compare.Row{Kind: compare.Left, Left: c.Left.Steps[0].Event}
	for n, folded := range map[int]bool{18: false, 19: true} {
		c.Rows = slices.Repeat([]compare.Row{alone}, n)
		var b, page bytes.Buffer
		if err := errors.Join(Text(&b, c, render.Options{}), HTML(&page, c)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "… 7 more steps on the left alone (--all)") != folded || strings.Contains(page.String(), "show 7 more steps on the left alone") != folded {
			t.Errorf("%d rows\n%s", n, b.String())
		}
	}
}

// Rows without a difference are folded, unless all are asked for.
func TestFold(t *testing.T) {
	c := made()
	same := compare.Row{Kind: compare.Same, Left: c.Left.Steps[0].Event, Right: c.Right.Steps[0].Event}
	c.Rows = []compare.Row{same, same, same, same, same, same, same}
	c.LeftFindings = nil
	for all, want := range map[bool]int{false: 2, true: 7} {
		var b bytes.Buffer
		if err := Text(&b, c, render.Options{All: all}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "  =  REGISTER"); n != want || strings.Contains(b.String(), "… 5 more steps") == all || !strings.Contains(b.String(), "both flows are the same") {
			t.Errorf("all %v: %d rows\n%s", all, n, b.String())
		}
	}
}
