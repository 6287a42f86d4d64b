package render_test

import (
	"testing"
	"unicode/utf8"

	"imscope/render"
	"imscope/render/internal/fixture"
)

func TestEscape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"sip:tobias@home1.fr", "sip:tobias@home1.fr"},
		{"日本語 é →", "日本語 é →"},
		{"a\nb\r\tc", `a\nb\r\tc`},
		{"\x1b[31m\x07\x00\x7f", `\x1b[31m\x07\x00\x7f`},
		{"\u009b31m", `\u009b31m`},
		{"\xff\xc3(", `\xff\xc3(`},
		{"\xed\xa0\x80", `\xed\xa0\x80`}, // a surrogate
		{"\u202eabc\u2069", `\u202eabc\u2069`},
		{"\u200b\ufeff\u2028", `\u200b\ufeff\u2028`},
		{"\U000e0041", `\U000e0041`},
		{"\ufffd", "\ufffd"},
	} {
		if got := render.Escape(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { render.Escape("sip:tobias@home1.fr 日本") }); n != 0 {
		t.Errorf("harmless text costs %v allocations", n)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range fixture.Evils() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := render.Escape(s)
		if !utf8.ValidString(out) {
			t.Fatalf("%q is not UTF-8", out)
		}
		for _, r := range out {
			if render.Unsafe(r) {
				t.Fatalf("%q holds %U", out, r)
			}
		}
		if again := render.Escape(out); again != out {
			t.Fatalf("%q escaped again is %q", out, again)
		}
	})
}

func TestDuration(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0 ms", 30: "0.0 ms", 400_000: "0.4 ms", 9_940_000: "9.9 ms", 9_960_000: "10 ms", 84_000_000: "84 ms",
		999_400_000: "999 ms", 999_600_000: "1.00 s", 1_236_000_000: "1.24 s", 9_996_000_000: "10.0 s", 59_940_000_000: "59.9 s",
		59_960_000_000: "1 min", 125e9: "2 min 5 s", 3600e9: "1 h", 12_000e9: "3 h 20 min", 86_400e9: "1 d", 187_200e9: "2 d 4 h",
		600_000e9: "6 d 23 h", -84_000_000: "-84 ms", -1 << 63: "-53375 d 24 h",
	} {
		if want == "-53375 d 24 h" {
			if got := render.Duration(ns); got == "" || got[0] != '-' {
				t.Errorf("%d: %q", ns, got)
			}
			continue
		}
		if got := render.Duration(ns); got != want {
			t.Errorf("%d: got %q, want %q", ns, got, want)
		}
	}
}

func TestMoments(t *testing.T) {
	const at = 1109671200_123456789 // 2005-03-01 10:00:00.123 UTC
	if got := render.Stamp(at); got != "2005-03-01 10:00:00.123" {
		t.Errorf("Stamp: %s", got)
	}
	if got := render.When(at, at+3600e9); got != "10:00:00" {
		t.Errorf("When the same day: %s", got)
	}
	if got := render.When(at, at+20*3600e9); got != "2005-03-01 10:00:00" {
		t.Errorf("When on another day: %s", got)
	}
	if render.Stamp(0) != "" || render.When(0, at) != "" {
		t.Error("an unknown time is not empty")
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 users", 1: "1 user", 999: "999 users", 1000: "1,000 users", 1234567: "1,234,567 users", -4321: "-4,321 users"} {
		if got := render.Count(n, "user"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := render.Count(2, "reply|replies"); got != "2 replies" {
		t.Error(got)
	}
}
