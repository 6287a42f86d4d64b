package markdown

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"imscope/correlate/story"
	"imscope/render/internal/fixture"
	"imscope/render/ladder"
	"imscope/render/words"
)

func diagram(steps []story.Event, nodes *words.Nodes, base int64) (string, int) {
	s := sequence{flow: ladder.NewFlow(steps, maxArrows), nodes: nodes, base: base}
	l, left := s.lines()
	return strings.Join(l, "\n"), left
}

func TestDiagram(t *testing.T) {
	for u := range fixture.SeedNetwork().Users() {
		d := u.Deregistrations[0]
		got, left := diagram(d.Steps, words.NodesOf(u), d.Started)
		want := `sequenceDiagram
    participant n0 as UE
    participant n1 as P-CSCF
    participant n2 as HSS
    participant n3 as S-CSCF
    n2-)n3: Cx RTR/RTA PERMANENT_TERMINATION, 2001 (41, +0 ms)
    n3->>n1: NOTIFY reginfo v1 partial, terminated#59;reason=deactivated (42, +10 ms)
    n1->>n0: NOTIFY ×5 (43, +13 ms)
    n3->>n1: NOTIFY reginfo v1 partial, terminated#59;reason=deactivated (44, +15 ms)
    n1-->>n3: 200 OK (NOTIFY) (45, +18 ms)
    Note over n0,n3: 32.0 s later
    n1--xn3: 408 Request Timeout (NOTIFY) (50, +32.0 s)
    n3-)n2: RTR (51, +32.0 s)`
		if got != want || left != 0 {
			t.Errorf("%d left, got\n%s", left, got)
		}
	}
}

func TestDiagramLimits(t *testing.T) {
	var steps []story.Event
	long := strings.Repeat("x;", 500)
	for i := range uint32(2000) {
		steps = append(steps, story.Event{Summary: long, Method: long, Hops: []story.Hop{{Frame: i + 1, Time: int64(i + 1), From: "UE " + long, To: fmt.Sprint("AS ", i%20, long)}}})
	}
	got, left := diagram(steps, words.NodesOf(&story.User{Timeline: steps}), 1)
	if arrows := strings.Count(got, "->>"); arrows == 0 || arrows > maxArrows || arrows+left != 2000 {
		t.Errorf("%d arrows, %d left", arrows, left)
	}
	if len(got) > maxDiagram {
		t.Errorf("%d bytes", len(got))
	}
	if got, _ := diagram(nil, words.NodesOf(&story.User{}), 0); got != "" {
		t.Errorf("nothing gives %q", got)
	}
}

// evils are texts that mean something to Mermaid.
func evils() []string {
	return append(fixture.Evils(), "end", "a;b", "a: b", "wrap: x", "#35;", "%%{init: {'theme':'dark'}}%%", "%% comment", "$$x^2$$", "<script>alert(1)</script>",
		"n0->>n1: injected", "--", "participant x", "<br/>", "{}", "@{ \"type\": \"actor\" }", "\"quoted\"", "`md`", "loop", "Note over n0: x", "---\ntitle: x\n---")
}

// hostileDiagrams are diagrams in which every text is evil, with how many arrows and notes each has.
func hostileDiagrams() (texts []string, want []int) {
	for _, evil := range evils() {
		for u := range fixture.Hostile(evil).Users() {
			text, _ := diagram(u.Timeline, words.NodesOf(u), 0)
			if text != "" {
				texts, want = append(texts, text), append(want, 2)
			}
			break
		}
	}
	return texts, want
}

// diagramLine is a line that holds nothing but what Mermaid is to read as meant.
var diagramLine = regexp.MustCompile(`^(?:sequenceDiagram|    participant n\d+ as [^;#]*|    (?:n\d+(?:->>|-->>|--x|-\)|--\))n\d+|Note over n\d+(?:,n\d+)?): [^;#<>]*)$`)

func TestHostileDiagrams(t *testing.T) {
	entity := regexp.MustCompile(`#\d+;`)
	texts, _ := hostileDiagrams()
	for _, text := range texts {
		for _, line := range strings.Split(text, "\n") {
			if !diagramLine.MatchString(entity.ReplaceAllString(strings.ReplaceAll(line, "<br/>", " "), "")) {
				t.Errorf("%q", line)
			}
		}
	}
}

// TestMermaid gives diagrams to the parser of the npm package mermaid. IMSCOPE_MERMAID names a folder whose
// node_modules holds it, with jsdom; .ci/run makes one.
func TestMermaid(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	folder := os.Getenv("IMSCOPE_MERMAID")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "mermaid")); folder == "" || err != nil {
		t.Skip("IMSCOPE_MERMAID names no folder with the npm packages mermaid and jsdom")
	}
	script, err := os.ReadFile(filepath.Join("testdata", "mermaid.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	// Packages are looked for from where the script is.
	path := filepath.Join(folder, "imscope-test.mjs")
	if err := os.WriteFile(path, script, 0o666); err != nil {
		t.Fatal(err)
	}
	texts, want := hostileDiagrams()
	for _, r := range []func() []string{seedDiagrams} {
		for _, text := range r() {
			texts, want = append(texts, text), append(want, strings.Count(text, ": "))
		}
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, path)
	cmd.Stdin = strings.NewReader(string(in))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Error    string
		Messages []string
		Actors   []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for i, g := range got {
		if g.Error != "" || len(g.Messages) != want[i] {
			t.Errorf("%s: %d messages, want %d, of\n%s", g.Error, len(g.Messages), want[i], texts[i])
		}
		if n := strings.Count(texts[i], "    participant "); len(g.Actors) != n {
			t.Errorf("actors %q, want %d, of\n%s", g.Actors, n, texts[i])
		}
	}
	t.Logf("%d diagrams", len(got))
}

func seedDiagrams() []string {
	var out []string
	for _, r := range []func() []string{
		func() []string { return diagramsOf(fixture.SeedUser().Users()) }, func() []string { return diagramsOf(fixture.SeedNetwork().Users()) },
		func() []string { return diagramsOf(fixture.Crowd(1000).Users()) },
	} {
		out = append(out, r()...)
	}
	return out
}

func diagramsOf(users func(func(*story.User) bool)) []string {
	var out []string
	for u := range users {
		nodes := words.NodesOf(u)
		if text, _ := diagram(u.Timeline, nodes, u.FirstTime); text != "" {
			out = append(out, text)
		}
		for _, d := range u.Deregistrations {
			if text, _ := diagram(d.Steps, nodes, d.Started); text != "" {
				out = append(out, text)
			}
		}
		if len(out) > 60 {
			break
		}
	}
	return out
}

// TestDiagramWords: what matters of a message is said between neighbours of a wide diagram as well.
func TestDiagramWords(t *testing.T) {
	for what, want := range map[string]string{
		"SAR USER_DEREGISTRATION":                                     "SAR USER_DEREGISTRATION",
		"REGISTER third-party for sip:tobias@home1.example expires=0": "REGISTER third-party<br/>expires=0",
		"NOTIFY reginfo v3 partial, active":                           "NOTIFY reginfo v3<br/>partial, active",
		"REGISTER 49 expires=0, unprotected":                          "REGISTER 49 expires=0,<br/>unprotected",
		"PUBLISH a, b " + strings.Repeat("x", 60):                     "PUBLISH a",
	} {
		steps := []story.Event{{Method: "M", Summary: what, Hops: []story.Hop{{From: "S-CSCF", To: "HSS"}}}}
		for _, n := range []string{"UE", "P-CSCF", "I-CSCF", "AS"} {
			steps = append(steps, story.Event{Method: "M", Summary: "M", Hops: []story.Hop{{From: n, To: "S-CSCF"}}})
		}
		got, _ := diagram(steps, words.NodesOf(&story.User{Timeline: steps}), 0)
		if !strings.Contains(got, ": "+want+"\n") {
			t.Errorf("%s: %q is missing in\n%s", what, want, got)
		}
	}
}
