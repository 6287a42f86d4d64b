package line_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/line"
	"imscope/render/style"
)

// emissions are all that a live run could tell of a report.
func emissions(rep *correlate.Report) []correlate.Emission {
	var list []correlate.Emission
	for u := range rep.Users() {
		for i := range u.Timeline {
			e := &u.Timeline[i]
			list = append(list, correlate.Emission{User: u, Event: e})
			for _, s := range u.Subscriptions {
				for _, d := range s.Documents {
					if d.Exchange != nil && d.Exchange == e.Exchange && e.Status == 0 {
						list = append(list, correlate.Emission{User: u, Subscription: s, Document: d})
					}
				}
			}
		}
		for _, d := range u.Deregistrations {
			list = append(list, correlate.Emission{User: u, Deregistration: d}, correlate.Emission{User: u, Deregistration: d, Update: true})
		}
		for i := range rep.Findings {
			if rep.Findings[i].User == u.ID {
				list = append(list, correlate.Emission{User: u, Finding: &rep.Findings[i]}, correlate.Emission{User: u, Finding: &rep.Findings[i], Update: true})
			}
		}
	}
	return list
}

func lines(t *testing.T, opt render.Options, group bool, rep *correlate.Report) []string {
	t.Helper()
	p := line.New(opt, group)
	var b []byte
	for _, m := range emissions(rep) {
		b = p.Append(b, m)
	}
	text := string(b)
	if !strings.HasSuffix(text, "\n") {
		t.Fatalf("the last line is not complete: %q", text)
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func TestLines(t *testing.T) {
	rep := fixture.SeedUser()
	got := lines(t, render.Options{}, false, rep)
	if len(got) < 5 || !strings.HasSuffix(got[0], " UTC") {
		t.Fatalf("%q", got)
	}
	for _, l := range got[1:] {
		if len(l) < 14 || l[2] != ':' || l[8] != '.' {
			t.Errorf("no time in %q", l)
		}
		if !strings.Contains(l, "sip:") {
			t.Errorf("no user in %q", l)
		}
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{"DE-REGISTRATION user-initiated", "(told before, more is known)", "  #"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got, want := strings.Count(text, " (told before, more is known): "), 1+len(rep.Findings); got != want {
		t.Errorf("%d lines of what was told before, want %d", got, want)
	}
}

func TestGroup(t *testing.T) {
	got := lines(t, render.Options{}, true, fixture.SeedUser())
	users := 0
	for _, l := range got[1:] {
		if strings.HasPrefix(l, "sip:") {
			users++
		} else if !strings.HasPrefix(l, "  ") {
			t.Errorf("%q stands under no user", l)
		}
	}
	if users != 1 {
		t.Errorf("the user is named %d times", users)
	}
}

func TestWidthAndColour(t *testing.T) {
	sheet, err := style.Choose(style.Always, false, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{60, 80, 120} {
		for _, l := range lines(t, render.Options{Width: width}, false, fixture.SeedUser()) {
			if w := displaywidth.String(l); w > width {
				t.Errorf("%d columns of %d: %s", w, width, l)
			}
		}
		plain := lines(t, render.Options{Width: width}, false, fixture.SeedUser())
		coloured := lines(t, render.Options{Width: width, Style: sheet}, false, fixture.SeedUser())
		if len(plain) != len(coloured) || !strings.Contains(coloured[1], "\x1b[") {
			t.Errorf("%d lines plain, %d coloured: %q", len(plain), len(coloured), coloured[1])
		}
	}
}

// Names from the wire cannot control the terminal.
func TestEscape(t *testing.T) {
	rep := fixture.SeedUser()
	for u := range rep.Users() {
		for _, evil := range fixture.Evils() {
			u.ID = evil
			u.Timeline[0].Summary = evil
			for i := range u.Deregistrations {
				u.Deregistrations[i].Verdict = evil
			}
			p := line.New(render.Options{}, false)
			var b []byte
			b = p.Append(b, correlate.Emission{User: u, Event: &u.Timeline[0]})
			if len(u.Deregistrations) > 0 {
				b = p.Append(b, correlate.Emission{User: u, Deregistration: u.Deregistrations[0]})
			}
			for _, r := range strings.ReplaceAll(string(b), "\n", "") {
				if render.Unsafe(r) {
					t.Fatalf("%U in %q", r, b)
				}
			}
			if n := strings.Count(string(b), "\n"); n > 4 {
				t.Fatalf("%q makes %d lines", evil, n)
			}
		}
	}
}
