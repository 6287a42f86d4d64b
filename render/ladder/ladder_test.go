package ladder_test

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/ladder"
	"imscope/render/style"
	"imscope/render/words"
)

func draw(t testing.TB, opt render.Options, r *correlate.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := ladder.New(opt).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func coloured(t testing.TB) style.Sheet {
	t.Helper()
	s, err := style.Choose(style.Always, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGolden(t *testing.T) {
	for _, w := range []int{60, 80, 100, 120, 160} {
		golden.Compare(t, fmt.Sprintf("seed-user.%d.txt", w), []byte(draw(t, render.Options{Width: w}, fixture.SeedUser())))
		golden.Compare(t, fmt.Sprintf("seed-network.%d.txt", w), []byte(draw(t, render.Options{Width: w}, fixture.SeedNetwork())))
	}
	golden.Compare(t, "seed-user.all.120.txt", []byte(draw(t, render.Options{All: true}, fixture.SeedUser())))
	golden.Compare(t, "seed-network.120.ansi", []byte(draw(t, render.Options{Style: coloured(t)}, fixture.SeedNetwork())))
	golden.Compare(t, "crowd.120.txt", []byte(draw(t, render.Options{}, fixture.Crowd(3000))))
	golden.Compare(t, "empty.txt", []byte(draw(t, render.Options{}, correlate.NewReport(0, nil))))
}

// TestWidths: no line is longer than asked for at any width, and every frame of the flow is there.
func TestWidths(t *testing.T) {
	for w := render.MinWidth; w < 260; w++ {
		for _, r := range []*correlate.Report{fixture.SeedUser(), fixture.SeedNetwork()} {
			out := draw(t, render.Options{Width: w}, r)
			for line := range strings.Lines(out) {
				if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > w {
					t.Errorf("width %d: %d columns: %s", w, n, line)
				}
			}
			for _, f := range []string{"#41", "#44", "#45", "#50"} {
				if !regexp.MustCompile(f + `\b`).MatchString(out) {
					t.Errorf("width %d: no frame %s", w, f)
				}
			}
		}
	}
}

// TestColourIsAllThatColourAdds: without its escapes the coloured ladder is the plain one.
func TestColourIsAllThatColourAdds(t *testing.T) {
	plain := draw(t, render.Options{}, fixture.SeedUser())
	colour := draw(t, render.Options{Style: coloured(t)}, fixture.SeedUser())
	if !strings.Contains(colour, "\x1b[35m") {
		t.Error("Cx has no colour of its own")
	}
	if got := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(colour, ""); got != plain {
		t.Errorf("got\n%s\nwant\n%s", got, plain)
	}
	if strings.Contains(plain, "\x1b") {
		t.Error("colour where none was asked for")
	}
}

func hop(frame uint32, ms int64, from, to string) story.Hop {
	return story.Hop{Frame: frame, Time: 1e18 + ms*1e6, From: from, To: to}
}

// rows draws steps and gives the lines of the ladder.
func rows(t *testing.T, columns int, steps ...story.Event) []string {
	t.Helper()
	u := &story.User{Timeline: steps}
	text := &ladder.Text{Flow: ladder.NewFlow(steps, 0), Nodes: words.NodesOf(u), Opt: render.Options{Width: columns}}
	return strings.Split(strings.TrimSuffix(string(text.Append(nil)), "\n"), "\n")
}

func TestRows(t *testing.T) {
	again := hop(3, 500, "UE", "P-CSCF")
	again.Repeat = true
	twice := hop(4, 500, "UE", "P-CSCF")
	twice.Copy = true
	got := rows(t, 80,
		story.Event{Method: "REGISTER", Kind: story.KindRegister, Summary: "REGISTER 1 expires=60", Hops: []story.Hop{hop(1, 0, "UE", "P-CSCF"), hop(2, 3, "P-CSCF", "S-CSCF"), again, twice}},
		story.Event{Method: "REGISTER", Kind: story.KindFailure, Status: 408, Summary: "408 Request Timeout to REGISTER", Hops: []story.Hop{hop(5, 2000, "S-CSCF", "UE")}},
		story.Event{Kind: story.KindExpiry, Summary: "granted time ran out", Time: 1e18 + 1e9},
		story.Event{Method: "OPTIONS", Summary: "OPTIONS", Hops: []story.Hop{hop(6, 2001, "UE", "UE")}},
	)
	text := strings.Join(got, "\n")
	for _, w := range []string{
		`#1 +│─+ ?REGISTER 1 .*×2 ?─+►│ +│`,
		`\+3\.0 ms +#2 +│ +│─+ ?REGISTER 1 ?─+►│`,
		`997 ms later +┊ +┊ +┊`,
		`╴ granted time ran out ╶`,
		`1\.00 s later`,
		`#5 +│◄╌+ ?408 Request Timeout.* ?╌+│`,
		`#6 +│?↺ OPTIONS`,
	} {
		if !regexp.MustCompile(w).MatchString(text) {
			t.Errorf("no %s in\n%s", w, text)
		}
	}
	if strings.Contains(text, "#4") || strings.Contains(text, "#3") {
		t.Errorf("a repetition has a row of its own:\n%s", text)
	}
	for _, l := range got {
		if displaywidth.String(l) > 80 {
			t.Errorf("too long: %s", l)
		}
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		row  ladder.Row
		want string
	}{
		{ladder.Row{Step: &story.Event{Method: "REGISTER", Summary: "REGISTER 49 expires=0, integrity-protected"}},
			"REGISTER 49 expires=0, integrity-protected|REGISTER 49 expires=0|REGISTER 49|REGISTER"},
		{ladder.Row{Later: true, Step: &story.Event{Method: "REGISTER", Summary: "REGISTER 49 expires=0, integrity-protected"}}, "REGISTER 49|REGISTER"},
		{ladder.Row{Later: true, Step: &story.Event{Method: "NOTIFY", Summary: "NOTIFY reginfo v3 partial, Subscription-State: active"}}, "NOTIFY"},
		{ladder.Row{Step: &story.Event{Method: "REGISTER", Status: 200, Summary: "200 OK, expires=0"}}, "200 OK (REGISTER), expires=0|200 OK (REGISTER)|200 OK|200"},
		{ladder.Row{Later: true, Step: &story.Event{Method: "REGISTER", Status: 200, Summary: "200 OK, expires=0"}}, "200 OK|200"},
		{ladder.Row{Step: &story.Event{Method: "NOTIFY", Status: 408, Summary: "408 Request Timeout to NOTIFY"}},
			"408 Request Timeout (NOTIFY)|408 Request Timeout|408 Request|408"},
		{ladder.Row{Step: &story.Event{Kind: story.KindCx, Method: "SAA", Summary: "SAA 2001 DIAMETER_SUCCESS, 3 identities"}}, "SAA 2001, 3 identities|SAA 2001|SAA"},
		{ladder.Row{Step: &story.Event{Method: "REGISTER", Summary: "REGISTER third-party for sip:a@b.example expires=0"}},
			"REGISTER third-party for sip:a@b.example expires=0|REGISTER third-party expires=0|REGISTER third-party|REGISTER"},
		{ladder.Row{From: -1, Step: &story.Event{Summary: "time ran out: a, b"}}, "time ran out: a, b"},
	} {
		if got := strings.Join(ladder.Labels(&c.row), "|"); got != c.want {
			t.Errorf("%s: %s, want %s", c.row.Step.Summary, got, c.want)
		}
	}
}

// TestManyNodes: what does not fit into columns is a list, and nobody gets lost silently.
func TestManyNodes(t *testing.T) {
	var steps []story.Event
	for i := range uint32(40) {
		steps = append(steps, story.Event{Method: "NOTIFY", Summary: "NOTIFY", Hops: []story.Hop{hop(i+1, int64(i), "S-CSCF", fmt.Sprintf("UE 10.0.0.%d", i))}})
	}
	text := strings.Join(rows(t, 120, steps...), "\n")
	if !strings.Contains(text, "S-CSCF ─► UE7") || !strings.Contains(text, "17 more message hops not drawn, among them those of 17 further nodes") {
		t.Error(text)
	}
	// The rows are bounded: the beginning and the end are there.
	flow := ladder.NewFlow(steps, 10)
	if len(flow.Rows) != 10 || flow.Left != 31 || flow.Rows[4].Hop.Frame != 5 || flow.Rows[6].Hop.Frame != 37 || flow.Rows[9].Hop.Frame != 40 ||
		!flow.Rows[5].Remark() || flow.Rows[5].Step.Summary != "… 31 message hops left out" {
		t.Errorf("%d rows, %d left, %+v", len(flow.Rows), flow.Left, flow.Rows)
	}
}

func TestHostile(t *testing.T) {
	for _, evil := range fixture.Evils() {
		hostile(t, evil)
	}
}

func hostile(t *testing.T, evil string) {
	for _, opt := range []render.Options{{}, {Width: 60}, {Width: 200, All: true}} {
		out := draw(t, opt, fixture.Hostile(evil))
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			for _, r := range line {
				if render.Unsafe(r) {
					t.Fatalf("holds %U", r)
				}
			}
			if n := displaywidth.String(line); n > opt.Columns() {
				t.Fatalf("%d columns of %d: %q", n, opt.Columns(), line)
			}
		}
	}
}

func FuzzHostile(f *testing.F) {
	for _, evil := range fixture.Evils() {
		f.Add(evil)
	}
	f.Fuzz(hostile)
}

func TestWriteError(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	if err := ladder.New(render.Options{All: true}).Render(w, fixture.Crowd(1000)); err != io.ErrClosedPipe {
		t.Error(err)
	}
}

func BenchmarkLadder(b *testing.B) {
	r := fixture.SeedUser()
	b.ReportAllocs()
	b.SetBytes(int64(len(draw(b, render.Options{}, r))))
	for b.Loop() {
		if err := ladder.New(render.Options{}).Render(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// TestCycles: of many de-registrations how it ended is drawn.
func TestCycles(t *testing.T) {
	out := draw(t, render.Options{}, fixture.Cycles(30))
	if !strings.Contains(out, "\nDe-registration 31 of 31   network-initiated") || !strings.Contains(out, "\n… 21 more de-registrations, routine: by user 21× (--all)\n") ||
		strings.Contains(out, "De-registration 21 of 31") {
		t.Error(out)
	}
}

// TestShortenedRemarks: how a long flow ends is told, though only the clock says it.
func TestShortenedRemarks(t *testing.T) {
	var steps []story.Event
	for i := range 100 {
		at := int64(i) * 1e9
		steps = append(steps, story.Event{Time: at, Summary: "message", Hops: []story.Hop{{Frame: uint32(i + 1), Time: at, From: "UE", To: "P-CSCF"}}})
	}
	steps = append(steps, story.Event{Time: 200e9, Summary: "expired"})
	f := ladder.NewFlow(steps, 10)
	if last := f.Rows[len(f.Rows)-1].Step.Summary; last != "expired" || len(f.Rows) != 10 || f.Left != 92 {
		t.Errorf("%d rows, the last %q, %d left", len(f.Rows), last, f.Left)
	}
}
