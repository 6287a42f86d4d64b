package html

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"imscope/render"
)

func TestHarmless(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain <b>text</b>\n\twith → arrows", "plain <b>text</b>\n\twith → arrows"},
		{"a\x00b\x1b[31m\x7f\r", `a\x00b\x1b[31m\x7f\r`},
		{"\u202egnp.exe\u2069\u200f", `\u202egnp.exe\u2069\u200f`},
		{"\xff\xc3(\xe2\x82", `\xff\xc3(\xe2\x82`},
		{"日本語 é ↻ ✖", "日本語 é ↻ ✖"},
		{"a\u00a0b\u00ad", `a\u00a0b\u00ad`},
	} {
		// Wherever the writes are cut, the same comes out.
		for cut := range len(c.in) + 1 {
			var b bytes.Buffer
			h := &harmless{w: &b}
			for _, part := range []string{c.in[:cut], c.in[cut:]} {
				if n, err := h.Write([]byte(part)); n != len(part) || err != nil {
					t.Fatal(n, err)
				}
			}
			if err := h.end(); err != nil {
				t.Fatal(err)
			}
			if b.String() != c.want {
				t.Errorf("%q cut at %d: %q, want %q", c.in, cut, b.String(), c.want)
			}
		}
	}
}

func FuzzHarmless(f *testing.F) {
	f.Add("a\u202eb\xe2\x82", 3, 5)
	f.Fuzz(func(t *testing.T, s string, i, j int) {
		n := len(s)
		i, j = min(max(i, 0), n), min(max(j, 0), n)
		if i > j {
			i, j = j, i
		}
		var parts, whole bytes.Buffer
		h := &harmless{w: &parts}
		for _, p := range []string{s[:i], s[i:j], s[j:]} {
			_, _ = h.Write([]byte(p))
		}
		_ = h.end()
		g := &harmless{w: &whole}
		_, _ = g.Write([]byte(s))
		_ = g.end()
		if parts.String() != whole.String() {
			t.Errorf("%q: %q in parts, %q as a whole", s, parts.String(), whole.String())
		}
		out := parts.String()
		if !utf8.ValidString(out) || strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && r != '\t' && render.Unsafe(r) }) {
			t.Errorf("%q becomes %q", s, out)
		}
	})
}
