package text

import (
	"slices"
	"strings"
	"testing"

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
