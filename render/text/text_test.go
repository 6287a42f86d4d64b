package text_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate"
	"imscope/decode/capture"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/style"
	"imscope/render/text"
)

var colour, _ = style.Choose(style.Always, false, func(string) string { return "" })

func show(t testing.TB, r *correlate.Report, opt render.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := text.New(opt).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	golden.Compare(t, "seed-user.120.txt", show(t, fixture.SeedUser(), render.Options{}))
	golden.Compare(t, "seed-user.80.txt", show(t, fixture.SeedUser(), render.Options{Width: 80}))
	golden.Compare(t, "seed-user.100.ansi", show(t, fixture.SeedUser(), render.Options{Width: 100, Style: colour}))
	golden.Compare(t, "seed-network.120.txt", show(t, fixture.SeedNetwork(), render.Options{}))
	golden.Compare(t, "crowd.120.txt", show(t, fixture.Crowd(20_000), render.Options{}))
	golden.Compare(t, "empty.txt", show(t, correlate.NewReport(0, nil), render.Options{}))
}

// withoutColour takes the looks out again.
func withoutColour(t *testing.T, out []byte) string {
	t.Helper()
	var b strings.Builder
	for s := string(out); s != ""; {
		if !strings.HasPrefix(s, "\x1b[") {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		end := strings.IndexByte(s, 'm')
		if end < 0 || strings.Trim(s[2:end], "0123456789;") != "" {
			t.Fatalf("a strange escape sequence: %q", s[:min(len(s), 20)])
		}
		s = s[end+1:]
	}
	return b.String()
}

// TestColourIsOnlyColour: colours change nothing but colours, and each line ends without one.
func TestColourIsOnlyColour(t *testing.T) {
	for _, r := range []func() *correlate.Report{fixture.SeedUser, fixture.SeedNetwork} {
		out := show(t, r(), render.Options{Style: colour})
		if diff := withoutColour(t, out); diff != string(show(t, r(), render.Options{})) {
			t.Error("the text differs")
		}
		for l := range strings.Lines(string(out)) {
			if i := strings.LastIndex(l, "\x1b["); i >= 0 && !strings.HasPrefix(l[i:], style.Reset) {
				t.Errorf("the colour goes on behind %q", l)
			}
		}
	}
}

func check(t *testing.T, out string, width int) {
	t.Helper()
	for l := range strings.Lines(out) {
		l = strings.TrimSuffix(l, "\n")
		for _, r := range l {
			if render.Unsafe(r) {
				t.Fatalf("%U in %q", r, l)
			}
		}
		if w := displaywidth.String(l); w > width {
			t.Fatalf("%d columns, not %d: %s", w, width, l)
		}
		if strings.HasSuffix(l, " ") {
			t.Errorf("spaces at the end of %q", l)
		}
	}
}

func TestWidth(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 200} {
		for _, r := range []*correlate.Report{fixture.SeedUser(), fixture.SeedNetwork(), fixture.Crowd(500)} {
			check(t, string(show(t, r, render.Options{Width: width})), width)
		}
	}
}

func hostile(t *testing.T, evil string) {
	for _, opt := range []render.Options{{Width: 70}, {Style: colour, All: true}} {
		out := show(t, fixture.Hostile(evil), opt)
		check(t, withoutColour(t, out), opt.Columns())
	}
}

func TestHostile(t *testing.T) {
	for _, evil := range append(fixture.Evils(), " ") {
		hostile(t, evil)
	}
}

func FuzzHostile(f *testing.F) {
	for _, evil := range fixture.Evils() {
		f.Add(evil)
	}
	f.Fuzz(hostile)
}

// TestNeverFloods: twenty thousand users are a summary and ten stories, and the rest is one flag away.
func TestNeverFloods(t *testing.T) {
	out := string(show(t, fixture.Crowd(20_000), render.Options{}))
	if n := strings.Count(out, "\n"); n > 400 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"20,000 users", "19,990 more users", "--user", "--all"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	all := string(show(t, fixture.Crowd(200), render.Options{All: true}))
	if n := strings.Count(all, "━━ sip:"); n != 200 {
		t.Errorf("--all shows %d users of 200", n)
	}
}

func BenchmarkCrowd(b *testing.B) {
	r := fixture.Crowd(2000)
	b.ReportAllocs()
	for b.Loop() {
		show(b, r, render.Options{})
	}
}

// TestPartial: a report of some users says which numbers are theirs and which are the capture's.
func TestPartial(t *testing.T) {
	got := string(show(t, fixture.Crowd(1000).Select([]int{49}), render.Options{Width: 140}))
	if want := "1 of 1,000 users   19 de-registrations in this report: 17 by the user, 2 by the network; 1 attempt failed   0 findings in this report\n"; !strings.Contains(got, want) {
		t.Errorf("%q is missing in %.600s", want, got)
	}
}

// The sum of several inputs has the times that there are, and calls interfaces no files.
func TestSeveralInputs(t *testing.T) {
	const hour = int64(3600 * 1e9)
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixNano()
	for _, c := range []struct {
		files []capture.FileInfo
		want  string
	}{
		{[]capture.FileInfo{{Path: "a", Format: "pcap"}, {Path: "b", Format: "pcap"}}, "2 files, 0 packets\n"},
		{[]capture.FileInfo{{Path: "a", Format: "pcap"}, {Path: "b", Format: "pcap", Packets: 2, FirstTime: at, LastTime: at + hour, HasTime: true}},
			"2 files, 2 packets, 2026-03-02 08:00:00.000 to 2026-03-02 09:00:00.000 UTC, 1 h\n"},
		{[]capture.FileInfo{{Path: "eth0", Format: "interface"}, {Path: "eth1", Format: "interface"}}, "2 inputs, 0 packets\n"},
		{[]capture.FileInfo{{Path: "a", Format: "pcap", Packets: 1, FirstTime: at, LastTime: at, HasTime: true}, {Path: "hep", Format: "hep"}}, "2 inputs, 1 packet, 2026-03-02 "},
		{[]capture.FileInfo{{Path: "a", Format: "pcap"}}, ""},
	} {
		r := correlate.NewReport(0, nil)
		r.Captures = c.files
		got := string(show(t, r, render.Options{}))
		if !strings.Contains(got, "\n"+c.want) || c.want == "" && strings.Contains(got, "1 file") {
			t.Errorf("%q is missing in\n%s", c.want, got)
		}
	}
}
