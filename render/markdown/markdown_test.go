package markdown_test

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode/capture"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/markdown"
	"imscope/render/report"
)

func draw(t testing.TB, r *correlate.Report, users int) string {
	t.Helper()
	var b bytes.Buffer
	made := report.Made{Version: "test", Options: []string{"--user", "tobias"}, Sums: map[string]string{"seed-user.pcapng": strings.Repeat("0123456789abcdef", 4)}}
	if err := markdown.New(markdown.Options{}).Render(&b, report.NewPlan(r, users), nil, made); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	golden.Compare(t, "seed-user.md", []byte(draw(t, fixture.SeedUser(), 0)))
	golden.Compare(t, "seed-network.md", []byte(draw(t, fixture.SeedNetwork(), 0)))
	golden.Compare(t, "crowd.md", []byte(draw(t, fixture.Crowd(1200), 4)))
	golden.Compare(t, "empty.md", []byte(draw(t, correlate.NewReport(0, nil), 0)))
}

func TestSameBytes(t *testing.T) {
	first := draw(t, fixture.Crowd(1000), 20)
	if again := draw(t, fixture.Crowd(1000), 20); again != first {
		t.Error("differs when made again")
	}
}

func TestSeedIsInnocent(t *testing.T) {
	for _, r := range []*correlate.Report{fixture.SeedUser(), fixture.SeedNetwork(), fixture.Crowd(500), correlate.NewReport(0, nil)} {
		check(t, draw(t, r, 0))
	}
}

// evils are texts that Markdown, GitHub or GitLab make something of.
func evils() []string {
	return append(fixture.Evils(),
		"@all @github/security", "#1 GH-2 !3 $4 %5 ~6 &7 ^alert#8 a/b#9 a/b@deadbeef0", "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef", ":tada:",
		"[x](javascript:alert(1))", "![x](http://evil.example/x.png)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</details></summary>",
		"http://evil.example www.evil.example a@evil.example", "**bold** _it_ ~~no~~", "# heading", "> quote", "- item\n- item", "1. item", "| a | b |\n| --- | --- |",
		"```\nend\n```", "~~~", "`", "``` ` ```", "&lt;script&gt; &#64;all", "\\`\\|\\", "$$x$$ $`y`$", "[^1]: foot", "[ref]: http://evil.example", "<!-- -->", "---", "===", "\ttab",
		"[[_TOC_]]", "{{ x }}", "/close", "\u202e@all", "end", "=cmd()", "<details>", "</code>@all", "sip:a|b@c", "00000000'000 a/deadbeef 1.0000000")
}

func TestHostile(t *testing.T) {
	for _, evil := range evils() {
		hostile(t, evil)
	}
}

func FuzzHostile(f *testing.F) {
	for _, evil := range evils() {
		f.Add(evil)
	}
	f.Fuzz(hostile)
}

func hostile(t *testing.T, evil string) {
	for _, users := range []int{0, -1} {
		check(t, draw(t, fixture.Hostile(evil), users))
	}
}

var (
	// ours is the markup that the report itself writes, outside of code.
	ours = regexp.MustCompile(`^#{1,6} |^> |^ *- |^\| |\|$| \| |\*\*|<details(?: open)?><summary>|</summary>|</details>|</?sub>|<br>|<a id="u\d+"></a>|\[(?:\x00|\(no name\))\]\(#u\d+\)|&(?:amp|lt|gt|#34|#39|#96);`)
	cell = regexp.MustCompile(`^(?:\| (?:---:? \| )*---:? \||\|  \|  \|)$`)
	// element is a code element of HTML; markup inside is escaped.
	element = regexp.MustCompile(`<code>[^<>]*</code>`)
	// innocent is text that no reader of Markdown takes for more than text.
	innocent = regexp.MustCompile(`^[\p{L}\p{N} .,;:?()"«»'’/×→⇄–—…·+•▲✖\x00-]*$`)
	hashes   = regexp.MustCompile(`\b[0-9a-f]{7,40}\b`)
)

// check fails the test if anything outside of code could become markup, or a code block does not end where it should.
func check(t *testing.T, out string) {
	t.Helper()
	fence, depth := false, 0
	for i, line := range strings.Split(out, "\n") {
		for _, r := range line {
			if render.Unsafe(r) {
				t.Fatalf("line %d holds %U: %q", i+1, r, line)
			}
		}
		if strings.HasPrefix(line, "```") {
			if fence != (line == "```") {
				t.Fatalf("line %d: %q begins or ends a code block", i+1, line)
			}
			fence = !fence
			continue
		}
		if fence {
			if strings.Contains(line, "`") {
				t.Fatalf("line %d: %q may end the code block", i+1, line)
			}
			continue
		}
		if strings.HasPrefix(line, "Wireshark filter: `frame.number==") || cell.MatchString(line) {
			continue
		}
		rest := element.ReplaceAllString(line, "\x00")
		parts := strings.Split(rest, "`")
		if len(parts)%2 == 0 {
			t.Fatalf("line %d: open code span in %q", i+1, line)
		}
		rest = ""
		for j := 0; j < len(parts); j++ {
			if j%2 == 0 {
				rest += parts[j]
			} else {
				rest += "\x00"
				if strings.HasPrefix(line, "|") && strings.Contains(parts[j], "|") {
					t.Fatalf("line %d: a cell of %q ends in its code", i+1, line)
				}
			}
		}
		depth += strings.Count(rest, "<details") - strings.Count(rest, "</details>")
		for again := ""; again != rest; {
			again = rest
			rest = ours.ReplaceAllString(rest, " ")
		}
		if !innocent.MatchString(rest) || strings.Contains(rest, "www.") || hashes.MatchString(rest) {
			t.Fatalf("line %d: %q leaves %q", i+1, line, rest)
		}
	}
	if fence || depth != 0 {
		t.Fatalf("open at the end: code %v, details %d", fence, depth)
	}
}

// TestCmark lets the parser of GitHub read reports full of evil, and looks at what it makes of them.
func TestCmark(t *testing.T) {
	cmark, err := exec.LookPath("cmark-gfm")
	if err != nil {
		t.Skip("cmark-gfm is not installed")
	}
	inCode := regexp.MustCompile(`(?s)<code[^>]*>.*?</code>|<pre[^>]*>.*?</pre>`)
	links := regexp.MustCompile(`<a [^>]*>`)
	tags := regexp.MustCompile(`</?([a-zA-Z0-9]+)`)
	allowed := map[string]bool{}
	for _, tag := range strings.Fields("h1 h2 h3 h4 h5 p blockquote strong br table thead tbody tr th td ul ol li code pre details summary sub a") {
		allowed[tag] = true
	}
	for _, evil := range evils() {
		cmd := exec.Command(cmark, "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist")
		cmd.Stdin = strings.NewReader(draw(t, fixture.Hostile(evil), 0))
		b, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		rest := inCode.ReplaceAllString(string(b), "")
		for _, a := range links.FindAllString(rest, -1) {
			if !regexp.MustCompile(`^<a (?:href="#u\d+"|id="u\d+")>$`).MatchString(a) {
				t.Errorf("%q becomes the link %s", evil, a)
			}
		}
		for _, m := range tags.FindAllStringSubmatch(rest, -1) {
			if !allowed[m[1]] {
				t.Errorf("%q becomes <%s>", evil, m[1])
			}
		}
		if strings.ContainsAny(links.ReplaceAllString(rest, ""), "@$`~") {
			t.Errorf("%q: something outside of code in\n%s", evil, rest)
		}
	}
}

func TestLimits(t *testing.T) {
	r := fixture.SeedUser()
	for u := range r.Users() {
		d := u.Deregistrations[0]
		for range 40 {
			u.Deregistrations = append(u.Deregistrations, d)
		}
		for i := range 500 {
			u.Bindings = append(u.Bindings, story.Binding{AOR: "sip:x@y", Contact: fmt.Sprint("sip:", i)})
			u.Subscriptions = append(u.Subscriptions, u.Subscriptions[0])
		}
	}
	out := draw(t, r, 0)
	check(t, out)
	for _, want := range []string{"… 21 more de-registrations", "more contacts.", "more subscriptions."} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
	if len(out) > 400_000 {
		t.Errorf("%d bytes", len(out))
	}
}

func TestWriteError(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	err := markdown.New(markdown.Options{}).Render(w, report.NewPlan(fixture.Crowd(3000), 30), nil, report.Made{})
	if err != io.ErrClosedPipe {
		t.Error(err)
	}
}

func BenchmarkMarkdown(b *testing.B) {
	plan := report.NewPlan(fixture.SeedUser(), 0)
	b.ReportAllocs()
	for b.Loop() {
		if err := markdown.New(markdown.Options{}).Render(io.Discard, plan, nil, report.Made{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPartial: a report of some users says which numbers are theirs and which are the capture's.
func TestPartial(t *testing.T) {
	rep := fixture.Crowd(1000).Select([]int{49})
	for range 300 {
		rep.Captures = append(rep.Captures, capture.FileInfo{Path: "x.pcap", Format: "pcap"})
	}
	out := draw(t, rep, 0)
	for _, want := range []string{"1 of 1,000 users", "| Users | 1,000, 1 of them in this report |", "all other numbers of the whole capture.", "19 (17 by the user, 2 by the network; 1 attempt failed)"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in %.1500s", want, out)
		}
	}
	if n := strings.Count(out, "… 101 more files."); n != 2 {
		t.Errorf("what is left out is said %d times, not at both tables", n)
	}
}
