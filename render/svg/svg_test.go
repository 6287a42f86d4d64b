package svg_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/svg"
	"imscope/render/words"
)

// check holds a drawing against what any drawing has to keep and gives its texts.
func check(t testing.TB, b []byte) []string {
	t.Helper()
	var texts []string
	open := ""
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("no XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			open = tok.Name.Local
			if !slices.Contains([]string{"svg", "title", "style", "rect", "g", "a", "path", "text", "tspan"}, open) {
				t.Fatalf("an element %s", open)
			}
			for _, a := range tok.Attr {
				switch n := a.Name.Local; n {
				case "x", "y", "width", "height", "rx":
					if _, err := strconv.ParseFloat(strings.TrimSuffix(a.Value, "%"), 64); err != nil {
						t.Errorf("%s=%q", n, a.Value)
					}
				case "d":
					if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
						t.Errorf("a path %q", a.Value)
					}
				case "href":
					if !strings.HasPrefix(a.Value, "#") {
						t.Errorf("a link to %q", a.Value)
					}
				case "class", "viewBox", "role", "aria-label", "xmlns", "data-f", "transform":
				default:
					t.Errorf("an attribute %s", n)
				}
			}
		case xml.CharData:
			if open == "text" || open == "tspan" {
				texts = append(texts, string(tok))
			}
		case xml.EndElement:
			open = ""
		}
	}
	for _, r := range string(b) {
		if r != '\n' && render.Unsafe(r) {
			t.Fatalf("the drawing holds %U", r)
		}
	}
	return texts
}

// first gives the first user of a report.
func first(rep *correlate.Report) *story.User {
	for u := range rep.Users() {
		return u
	}
	return nil
}

func TestLadder(t *testing.T) {
	for name, rep := range map[string]*correlate.Report{"seed-user": fixture.SeedUser(), "seed-network": fixture.SeedNetwork()} {
		b := svg.LadderAlone(report.NewPlan(rep, 1), "")
		check(t, b)
		golden.Compare(t, name+".svg", b)
	}
	u := first(fixture.SeedUser())
	d := u.Deregistrations[0]
	l := svg.Ladder{Title: "flow", Steps: d.Steps, Nodes: words.NodesOf(u), Base: d.Started,
		Link:  func(_ *story.Event, h *story.Hop) string { return "#m" + strconv.Itoa(int(h.Frame)) },
		Notes: map[uint32][]svg.Note{50: {{Severity: problem.Info, Text: "small"}, {Severity: problem.Error, Text: "large", Link: "#n1"}}}}
	b := l.Append(nil)
	texts := check(t, b)
	for _, want := range []string{"UE", "P-CSCF", "I-CSCF", "HSS", "S-CSCF", "AS", "#41", "+0 ms", "REGISTER 49, expires 0, integrity-protected", "✖ large and 1 more", "✖ error, ▲ warning, ● info"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is missing in %q", want, texts)
		}
	}
	s := string(b)
	// The retransmission is no arrow of its own.
	if strings.Contains(s, `href="#m42"`) || !strings.Contains(s, "↻ 1× until +500 ms") || !strings.Contains(s, `href="#m41"`) {
		t.Error("a retransmission is not folded")
	}
	// Columns stand in the order in which a request meets the nodes, the HSS between those who ask it.
	heads := regexp.MustCompile(`class="h m"[^>]*>([^<]+)<`).FindAllStringSubmatch(s, -1)
	var order []string
	for _, h := range heads {
		order = append(order, h[1])
	}
	if got := strings.Join(order, " "); got != "UE P-CSCF I-CSCF HSS S-CSCF AS" {
		t.Errorf("columns %s", got)
	}
}

// TestParts: the parts hold every row once, and only the last one says what is left out.
func TestParts(t *testing.T) {
	u := first(fixture.SeedUser())
	rows := regexp.MustCompile(`data-f="(\d+)"`)
	for size := range 30 {
		l := svg.Ladder{Title: "x", Steps: u.Timeline, Nodes: words.NodesOf(u), MaxHops: 20}
		var frames []string
		parts := l.Parts(size)
		for i, p := range parts {
			check(t, p)
			for _, m := range rows.FindAllSubmatch(p, -1) {
				frames = append(frames, string(m[1]))
			}
			if last := i == len(parts)-1; last != bytes.Contains(p, []byte("not drawn")) {
				t.Errorf("part %d of %d: what is left out stands in the wrong place", i, len(parts))
			}
		}
		if len(frames) != 19 || len(slices.Compact(slices.Clone(frames))) != 19 { // and the remark that some are left out
			t.Errorf("in parts of %d: %v", size, frames)
		}
	}
}

// TestPause: much time between two messages is said and takes little room.
func TestPause(t *testing.T) {
	hop := func(frame uint32, at int64) story.Event {
		return story.Event{Time: at, Frame: frame, Method: "REGISTER", Summary: "REGISTER", Frames: []uint32{frame},
			Hops: []story.Hop{{Frame: frame, Time: at, From: "UE", To: "P-CSCF"}}}
	}
	draw := func(gap int64) (string, float64) {
		l := svg.Ladder{Title: "x", Steps: []story.Event{hop(1, 1e9), hop(2, 1e9+gap)}, Nodes: words.NodesOf(&story.User{})}
		b := string(l.Append(nil))
		check(t, []byte(b))
		h, err := strconv.ParseFloat(regexp.MustCompile(` height="([\d.]+)"`).FindStringSubmatch(b)[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		return b, h
	}
	_, soon := draw(1e6)
	_, late := draw(100e6)
	b, hours := draw(7200e9)
	if !strings.Contains(b, "2 h later") {
		t.Error("two hours pass without a word")
	}
	if !(soon < late && late < hours && hours < soon+60) {
		t.Errorf("heights %v, %v, %v", soon, late, hours)
	}
}

func TestLanes(t *testing.T) {
	const s = int64(1e9)
	b := story.Beliefs{
		Lanes: []story.Lane{
			{Party: "UE", Role: story.PartyUE, Contact: "sip:a", AORs: []string{"sip:x"}, Segments: []story.Segment{{From: 100 * s, To: 4000 * s, Frame: 7, State: story.BeliefRegistered, Why: "200 to REGISTER 1"}, {From: 4000 * s, To: 4001 * s, Frame: 9, State: story.BeliefNot}}},
			{Party: "UE", Role: story.PartyUE, Contact: "sip:a", AORs: []string{"sip:y"}, Segments: []story.Segment{{From: 100 * s, To: 4000 * s, Frame: 7, State: story.BeliefRegistered}, {From: 4000 * s, To: 4001 * s, Frame: 9, State: story.BeliefNot}}},
			{Party: "AS", Role: story.PartyAS, Contact: "sip:a", AORs: []string{"sip:y"}, Segments: []story.Segment{{From: 101 * s, To: 4001 * s, Frame: 8, State: story.BeliefRegistered}}},
		},
		Disagreements: []story.Disagreement{{From: 4000 * s, To: 4001 * s, Contact: "sip:a"}},
	}
	u := &story.User{ID: "sip:x"}
	l, ok := svg.LanesOf(u, &b, words.NodesOf(u), svg.Links{Frame: func(f uint32) string { return "#m" + strconv.Itoa(int(f)) }})
	if !ok || len(l.Groups) != 1 || len(l.Groups[0].Lanes) != 2 || len(l.Groups[0].Wrong) != 1 {
		t.Fatalf("%+v", l)
	}
	out := l.Append(nil)
	texts := check(t, out)
	for _, want := range []string{"UE", "AS", "sip:y", "registered", "contact sip:a  for sip:x, sip:y", "00:01:40", "1 h 5 min"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is missing in %q", want, texts)
		}
	}
	for _, want := range []string{`class="wrong"`, `href="#m9" data-f="9"`, "they disagree for 1.00 s", "UE: registered, 200 to REGISTER 1 #7"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%s is missing", want)
		}
	}
	// The second in which something happens has more room than its share of an hour.
	x := func(frame string) float64 {
		m := regexp.MustCompile(`data-f="` + frame + `"><title>[^<]*</title><rect class="[a-z]+" x="([\d.]+)"[^>]* width="([\d.]+)"`).FindStringSubmatch(string(out))
		w, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if long, short := x("7"), x("9"); short < long/5 {
		t.Errorf("the last second is %v wide, the hour before it %v", short, long)
	}
	if _, ok := svg.LanesOf(u, &story.Beliefs{}, words.NodesOf(u), svg.Links{}); ok {
		t.Error("lanes of nothing")
	}
}

// TestStyle: drawings of pages know variables, drawings of their own know colours, and what differs by
// colour differs without it.
func TestStyle(t *testing.T) {
	page := svg.Style(func(t style.Tone) string { return "var(--" + t.String() + ")" })
	if strings.Contains(page, "$") || strings.Contains(page, "#") {
		t.Errorf("a page's style: %s", page)
	}
	alone := string(svg.LadderAlone(report.NewPlan(fixture.SeedUser(), 1), ""))
	if strings.Contains(alone, "var(") || strings.Contains(alone, "$") || !strings.Contains(alone, "prefers-color-scheme:dark") {
		t.Error("a drawing of its own wants a page's style")
	}
	for _, want := range []string{".lad .cx .ar{stroke:var(--cx);stroke-dasharray:", ".lad .op .hd{fill:none", ".lan .unbound{fill:var(--unbound);stroke:var(--failure);stroke-width:1;stroke-dasharray:"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func hostile(t testing.TB, evil string) {
	rep := fixture.Hostile(evil)
	plan := report.NewPlan(rep, 1)
	u := first(rep)
	check(t, svg.LadderAlone(plan, ""))
	check(t, svg.LadderAlone(plan, evil))
	check(t, svg.LanesAlone(plan, evil))
	l := svg.Ladder{Title: evil, Steps: u.Timeline, Nodes: words.NodesOf(u), Notes: map[uint32][]svg.Note{1: {{Text: evil}}}}
	check(t, l.Append(nil))
	b := story.Beliefs{Lanes: []story.Lane{{Party: evil, Role: evil, Contact: evil, AORs: []string{evil}, Segments: []story.Segment{{From: -1 << 63, To: 1<<63 - 1, State: evil, Why: evil}, {From: 5, To: 4}}}}}
	if lanes, ok := svg.LanesOf(u, &b, words.NodesOf(u), svg.Links{}); ok {
		check(t, lanes.Append(nil))
		check(t, lanes.Alone())
	}
}

func TestHostile(t *testing.T) {
	for _, evil := range append(fixture.Evils(), `<script>alert(1)</script>`, `"/><script/>`, `]]>`, "&amp;&#0;") {
		hostile(t, evil)
	}
}

func FuzzHostile(f *testing.F) {
	for _, evil := range fixture.Evils() {
		f.Add(evil)
	}
	f.Fuzz(func(t *testing.T, evil string) { hostile(t, evil) })
}

// TestExtremes: absurd times and many nodes are drawn all the same.
func TestExtremes(t *testing.T) {
	var steps []story.Event
	for i := range 300 {
		at := int64(i) << 55
		steps = append(steps, story.Event{Frame: uint32(i + 1), Time: at, Summary: "X", Cx: &fact.Cx{Name: "UAR"}, Method: "UAR",
			Hops: []story.Hop{{Frame: uint32(i + 1), Time: at, From: "UE " + strconv.Itoa(i), To: strconv.Itoa(i * 7)}, {Frame: uint32(i + 1), Time: -at, From: "X", To: "X"}}})
	}
	l := svg.Ladder{Title: "x", Steps: steps, Nodes: words.NodesOf(&story.User{Timeline: steps})}
	b := l.Alone()
	check(t, b)
	if !bytes.Contains(b, []byte("further nodes")) {
		t.Error("nodes are left out without a word")
	}
	empty := svg.Ladder{Title: "nothing", Nodes: words.NodesOf(&story.User{})}
	check(t, empty.Append(nil))
	if len(empty.Parts(5)) != 0 {
		t.Error("parts of nothing")
	}
}

// TestMargin: times and frames stand beside each other and left of the first column, however long they are.
func TestMargin(t *testing.T) {
	texts := regexp.MustCompile(`<text class="d e" x="([\d.]+)" y="[\d.]+">([^<]*)</text>`)
	column := regexp.MustCompile(`class="ll" d="M ([\d.]+) `)
	number := func(s string) float64 {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	// wide is how wide DejaVu Sans draws digits and signs, which is among the widest.
	wide := func(s string) float64 {
		signs := strings.Count(s, ":") + strings.Count(s, ".") + strings.Count(s, " ")
		return 10.5 * (0.34*float64(signs) + 0.64*float64(len(s)-signs))
	}
	for _, base := range []int64{0, 1e9} {
		for frame := uint32(7); ; frame = frame*10 + 7 {
			e := story.Event{Frame: frame, Method: "REGISTER", Summary: "REGISTER", Hops: []story.Hop{{Frame: frame, Time: 86_399_123e6, From: "UE", To: "P-CSCF"}}}
			l := svg.Ladder{Steps: []story.Event{e}, Nodes: words.NodesOf(&story.User{}), Base: base}
			b := string(l.Append(nil))
			m := texts.FindAllStringSubmatch(b, -1)
			if len(m) != 2 {
				t.Fatalf("%d texts in the margin of frame %d", len(m), frame)
			}
			if left := number(m[0][1]) - wide(m[0][2]); left < 0 {
				t.Errorf("%s begins at %.1f", m[0][2], left)
			}
			if gap := number(m[1][1]) - wide(m[1][2]) - number(m[0][1]); gap < 3 {
				t.Errorf("%.1f between %s and %s", gap, m[0][2], m[1][2])
			}
			if gap := number(column.FindStringSubmatch(b)[1]) - number(m[1][1]); gap < 30 {
				t.Errorf("%.1f between %s and its arrow", gap, m[1][2])
			}
			if frame > 1<<32/10-7 {
				break
			}
		}
	}
}

// TestFewNodes: where there is room beside two nodes, no label is cut.
func TestFewNodes(t *testing.T) {
	const label = "NOTIFY reginfo v3 partial, terminated;reason=deactivated"
	e := story.Event{Method: "NOTIFY", Summary: label, Hops: []story.Hop{{Frame: 1, Time: 1, From: "S-CSCF", To: "UE"}, {Frame: 2, Time: 2, From: "S-CSCF", To: "UE"}}}
	note := svg.Note{Severity: problem.Warning, Text: "something is odd"}
	l := svg.Ladder{Steps: []story.Event{e}, Nodes: words.NodesOf(&story.User{}), Notes: map[uint32][]svg.Note{1: {note}, 2: {note}}}
	texts := check(t, l.Append(nil))
	for _, want := range []string{label, "▲ something is odd", "▲", "✖ error, ▲ warning, ● info; alone: named above"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is missing in %q", want, texts)
		}
	}
}

// TestLaneNames: the names of parties and of identities end before the lanes begin.
func TestLaneNames(t *testing.T) {
	l := svg.Lanes{From: 1, To: 2, Groups: []svg.Group{{Lanes: []svg.Lane{{Name: strings.Repeat("S-CSCF", 20), Detail: strings.Repeat("0123456789", 9), Spans: []svg.Span{{From: 1, To: 2, Belief: svg.Bound}}}}}}}
	b := string(l.Append(nil))
	bar, err := strconv.ParseFloat(regexp.MustCompile(`<rect class="bound" x="([\d.]+)"`).FindStringSubmatch(b)[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	for class, letter := range map[string]float64{"h": 0.72 * 13, "d": 0.64 * 10.5} { // of DejaVu Sans
		text := regexp.MustCompile(`<text class="` + class + `" x="4"[^>]*>([^<]*)<`).FindStringSubmatch(b)[1]
		if end := 4 + letter*float64(utf8.RuneCountInString(text)); end > bar {
			t.Errorf("%s ends at %.0f, the lane begins at %.0f", text, end, bar)
		}
	}
}

// TestAloneCycles: of many de-registrations how it ended is drawn.
func TestAloneCycles(t *testing.T) {
	b := svg.LadderAlone(report.NewPlan(fixture.Cycles(30), 0), "")
	if !bytes.Contains(b, []byte("31. De-registered by the network")) || bytes.Contains(b, []byte(">1. De-registered")) {
		t.Error("not the last ones")
	}
}
