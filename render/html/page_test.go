package html_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dom "golang.org/x/net/html"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render/html"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/report"
	"imscope/samples"
)

// page renders a report without messages.
func page(t testing.TB, rep *correlate.Report, users int) []byte {
	t.Helper()
	var b bytes.Buffer
	made := report.Made{Version: "test", NoTexts: "built by hand"}
	if err := html.New(html.Options{}).Render(&b, report.NewPlan(rep, users), nil, made); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample renders a sample capture as the report command does, with its messages.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := samples.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return captured(t, filepath.Base(name), data)
}

func captured(t testing.TB, name string, data []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	pass := func(fn func(*decode.Record)) ([]capture.FileInfo, *decode.Stats) {
		set, err := capture.Open(t.Context(), []string{path}, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		stats, err := decode.Run(context.Background(), set, decode.Options{Check: true}, func(r *decode.Record) error {
			fn(r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return set.Files(), stats
	}
	engine := correlate.NewEngine(correlate.Options{})
	files, stats := pass(engine.Observe)
	plan := report.NewPlan(engine.Close(files, stats), 0)
	msgs := &report.Messages{}
	pass(func(r *decode.Record) {
		if plan.Wants(r.Frame) {
			msgs.Add(r)
		}
	})
	sum := sha256.Sum256(data)
	made := report.Made{Version: "test", Sums: map[string]string{path: hex.EncodeToString(sum[:])}}
	var b bytes.Buffer
	if err := html.New(html.Options{}).Render(&b, plan, msgs, made); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden compares what the pages say, without style and script.
func TestGolden(t *testing.T) {
	golden.Compare(t, "seed-user.outline", outline(t, page(t, fixture.SeedUser(), 0), false))
	golden.Compare(t, "seed-network.outline", outline(t, page(t, fixture.SeedNetwork(), 0), false))
	golden.Compare(t, "anatomy.outline", outline(t, page(t, fixture.Anatomy(), 0), false))
	golden.Compare(t, "crowd.outline", outline(t, page(t, fixture.Crowd(255), 3), false))
	golden.Compare(t, "empty.outline", outline(t, page(t, correlate.NewReport(0, nil), 0), false))
}

// TestSamples holds the page of every sample against what any page has to keep, and some against what they
// have to tell.
func TestSamples(t *testing.T) {
	for _, s := range samples.List() {
		t.Run(s.Name, func(t *testing.T) {
			b := sample(t, s.Name)
			check(t, b)
			golden.Compare(t, filepath.Base(s.Name)+".outline", outline(t, b, true))
			if again := sample(t, s.Name); !bytes.Equal(b, again) {
				// The directories differ, their names are not in the page.
				t.Error("made again, the page differs")
			}
			text := string(b)
			for _, want := range []string{"How this report was made", `class="lad"`, "<pre id=", "frame.number=="} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing", want)
				}
			}
			if strings.Contains(text, os.TempDir()) {
				t.Error("the page tells where the capture lay")
			}
		})
	}
}

// TestStory checks that the page of the first sample tells the story: verdict, the drawing with all its
// arrows, messages with their important headers, keys left out, Wireshark's filter, the diff.
func TestStory(t *testing.T) {
	b := sample(t, "user-initiated.pcapng")
	root, err := dom.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	dereg := find(root, func(n *dom.Node) bool { return attr(n, "id") == "u1-d1" })
	if len(dereg) != 1 {
		t.Fatalf("%d sections of the de-registration", len(dereg))
	}
	text := words(dereg[0])
	for _, want := range []string{
		"De-registered by the user: REGISTER with expires=0 answered 200",
		"no longer tel:+44-123-456-789", "still reachable sip:tobias@home1.fr, sip:gameMaster@home1.fr",
		"REGISTER 49 expires=0, integrity-protected", "UAR DE_REGISTRATION", "NOTIFY reginfo v3 partial, terminated;reason=timeout",
		"stays active", "active → terminated", "not mentioned", "The same to P-CSCF1 v3 #188",
		"frame.number==173||frame.number==174||frame.number==175",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the de-registration does not say %q", want)
		}
	}
	arrows := find(dereg[0], func(n *dom.Node) bool { return n.Data == "a" && attr(n, "data-f") != "" && n.Parent.Data == "svg" })
	if len(arrows) != 32 {
		t.Errorf("%d arrows, the flow has 32 hops", len(arrows))
	}
	byID := map[string]*dom.Node{}
	for _, n := range find(root, func(n *dom.Node) bool { return attr(n, "id") != "" }) {
		byID[attr(n, "id")] = n
	}
	for _, a := range arrows {
		target := byID[strings.TrimPrefix(attr(a, "href"), "#")]
		if target == nil || target.Data != "pre" {
			t.Fatalf("the arrow of frame %s leads to no message: %s", attr(a, "data-f"), attr(a, "href"))
		}
	}
	register := byID["u1-m173"]
	marked := find(register, func(n *dom.Node) bool { return n.Data == "mark" })
	var important []string
	for _, m := range marked {
		important = append(important, strings.SplitN(words(m), ":", 2)[0])
	}
	for _, want := range []string{"Contact", "Authorization", "To"} {
		if !slices.Contains(important, want) {
			t.Errorf("%s is not marked in the REGISTER: %v", want, important)
		}
	}
	if slices.Contains(important, "Via") || !strings.Contains(words(register), "Via:") {
		t.Error("Via is marked, or missing")
	}
	if s := words(root); !strings.Contains(s, "Server-Assignment-Type: 5 USER_DEREGISTRATION") {
		t.Error("the SAR is not spelled")
	}
}

// keys are the ways in which messages carry the keys of a security association, and what may stand there.
var keys = regexp.MustCompile(`(?i)(?:Confidentiality-Key:|Integrity-Key:|[\s,][ci]k=) *"?([^",\s]+)`)

// TestKeys: whoever gets a report has no business with the keys of the user's security association.
func TestKeys(t *testing.T) {
	found := 0
	for _, s := range samples.List() {
		root, err := dom.Parse(bytes.NewReader(sample(t, s.Name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, pre := range find(root, func(n *dom.Node) bool { return n.Data == "pre" }) {
			for _, m := range keys.FindAllStringSubmatch(words(pre), -1) {
				found++
				if !strings.HasPrefix(m[1], "(") {
					t.Fatalf("%s shows %s", s.Name, m[0])
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("%d keys in all samples: the test looks for them in the wrong way", found)
	}
}

// TestHostile: whatever the wire says, the page has the same elements, and they are ours.
func TestHostile(t *testing.T) {
	plain := shape(t, page(t, fixture.Hostile("harmless"), 0))
	for _, evil := range append(fixture.Evils(), evils...) {
		b := page(t, fixture.Hostile(evil), 0)
		check(t, b)
		if evil == "" {
			continue // has nothing to show in places
		}
		if got := shape(t, b); got != plain {
			t.Errorf("%.60q changes the page: %s", evil, differ(plain, got))
		}
	}
}

// evils are what one would try with a browser.
var evils = []string{
	`<script>alert(1)</script>`, `</style><script>alert(1)</script>`, `</script><img src=x onerror=alert(1)>`, `"><svg onload=alert(1)>`,
	`' onmouseover='alert(1)`, `javascript:alert(1)`, `{{.}}`, `<!--`, `-->`, `]]>`, `&lt;script&gt;`, `</pre></details></main>`, `<base href="https://evil.example/">`,
	`<meta http-equiv="refresh" content="0;url=https://evil.example/">`, "\u202egnp.exe", "a\u200fb", "\u061c\u2067x", "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
	`=cmd|'/c calc'!A1`, "`${alert(1)}`", `\u003cscript\u003e`, "<\x00script>", "<scr\x00ipt>", "ｊａｖａｓｃｒｉｐｔ：", "مرحبا", `<a href="https://evil.example">x</a>`,
}

func FuzzHostile(f *testing.F) {
	for _, evil := range append(fixture.Evils(), evils...) {
		f.Add(evil)
	}
	plain := shape(f, page(f, fixture.Hostile("harmless"), 0))
	f.Fuzz(func(t *testing.T, evil string) {
		b := page(t, fixture.Hostile(evil), 0)
		check(t, b)
		// Texts of special meaning to the story (a state, a role, nothing at all) change what is said.
		if len(evil) < 16 || strings.TrimSpace(evil) != evil {
			return
		}
		if got := shape(t, b); got != plain {
			t.Errorf("%.60q changes the page: %s", evil, differ(plain, got))
		}
	})
}

// TestCrowd: twenty thousand users are usable.
func TestCrowd(t *testing.T) {
	b := page(t, fixture.Crowd(20_000), 0)
	t.Logf("%d bytes", len(b))
	if len(b) > 30<<20 {
		t.Errorf("%d bytes", len(b))
	}
	root, err := dom.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	rows := find(root, func(n *dom.Node) bool {
		return n.Data == "tr" && n.Parent.Data == "tbody" && attr(n.Parent.Parent, "class") == "users"
	})
	if len(rows) != 20_000 {
		t.Errorf("%d rows of users", len(rows))
	}
	if n := len(find(root, func(n *dom.Node) bool { return n.Data == "details" && attr(n, "class") == "user" })); n != report.DefaultUsers {
		t.Errorf("%d users in detail", n)
	}
	if n := len(find(root, func(n *dom.Node) bool { return attr(n, "class") == "chunk" })); n != 80 {
		t.Errorf("the rest is in %d tables", n)
	}
	check(t, b)
}

// TestRoom: a page stays below its limit whatever its users went through, and says what it leaves out.
func TestRoom(t *testing.T) {
	u := *fixtureUser(fixture.SeedUser())
	d := u.Deregistrations[0]
	u.Deregistrations = nil
	for range 40 {
		u.Deregistrations = append(u.Deregistrations, d)
	}
	for range 200 {
		u.Timeline = append(u.Timeline, d.Steps...)
	}
	rep := correlate.NewReport(60, func(int) *story.User { return &u })
	b := page(t, rep, 60)
	if len(b) < 15<<20 || len(b) > 30<<20 {
		t.Errorf("%d bytes", len(b))
	}
	if !bytes.Contains(b, []byte("Left out: the page is full.")) {
		t.Error("what is left out is not said")
	}
}

func fixtureUser(rep *correlate.Report) *story.User {
	for u := range rep.Users() {
		return u
	}
	return nil
}

func BenchmarkCrowd(b *testing.B) {
	rep := fixture.Crowd(5000)
	b.ReportAllocs()
	for b.Loop() {
		page(b, rep, 0)
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, os.ErrClosed
	}
	return len(p), nil
}

// TestWriteError: an error of the writer comes out, wherever it happens.
func TestWriteError(t *testing.T) {
	plan := report.NewPlan(fixture.Crowd(2000), 0)
	for _, left := range []int{0, 100_000, 400_000} {
		if err := html.New(html.Options{}).Render(&failing{left}, plan, nil, report.Made{}); err == nil {
			t.Errorf("no error after %d bytes", left)
		}
	}
}

// TestPartial: a report of some users says which numbers are theirs and which are the capture's.
func TestPartial(t *testing.T) {
	b := page(t, fixture.Crowd(1000).Select([]int{49}), 0)
	root, err := dom.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text := words(root)
	for _, want := range []string{"1 of 1,000 users", "1,000 users in the capture", "1 of them in this report", "19 de-registrations in this report: 17 by the user, 2 by the network ; 1 attempt failed",
		"0 findings in this report", "In the capture: 10,000 SIP messages"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %.1200s", want, text)
		}
	}
}

// TestManyCaptures: files that the tables have no room for are counted.
func TestManyCaptures(t *testing.T) {
	rep := fixture.SeedUser()
	for range 300 {
		rep.Captures = append(rep.Captures, capture.FileInfo{Path: "x.pcap", Format: "pcap"})
	}
	b := page(t, rep, 0)
	if n := bytes.Count(b, fmt.Appendf(nil, "… %d more files.", len(rep.Captures)-200)); n != 2 {
		t.Errorf("what is left out is said %d times, not at both tables", n)
	}
}
