package markdown

import (
	"regexp"
	"strings"
	"testing"

	"imscope/render"
	"imscope/render/internal/fixture"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"De-registered by the user: REGISTER with expires=0 answered 200 after 16 ms; UE1, P-CSCF1 and AS were told",
			"De-registered by the user: REGISTER with `expires=0` answered 200 after 16 ms; UE1, P-CSCF1 and AS were told"},
		{"sip:tobias@home1.fr and tel:+44-123-456-789 stay", "`sip:tobias@home1.fr` and `tel:+44-123-456-789` stay"},
		{"HSS RTR, reason PERMANENT_TERMINATION (Administrative deregistration)", "HSS RTR, reason `PERMANENT_TERMINATION` (Administrative deregistration)"},
		{"granted 600,000 s, 4.7 ms, TS 24.229 5.4.2.1.2, v3 → v4, 3×", "granted 600,000 s, 4.7 ms, TS 24.229 5.4.2.1.2, v3 → v4, 3×"},
		{"@all ping @team, #12 !7 $3 %4 ~bug &5 :tada:", "`@all` ping `@team`, `#12` `!7` `$3` `%4` `~bug` `&5` `:tada`:"},
		{"GH-26 JIRA-7 deadbeef0 1234567 cafe", "`GH-26` `JIRA-7` `deadbeef0` `1234567` cafe"},
		{"www.evil.example a@b.c http://x [x](y) ![i](j) <b> **b** _i_ __i__ ~~s~~", "`www.evil.example` `a@b.c` `http://x` `[x](y)` `![i](j)` `<b>` `**b**` `_i_` `__i__` `~~s~~`"},
		{"a`b``c | d\\|e", "`a\\x60b\\x60\\x60c` `\\x7c` `d\\\\x7ce`"},
		{"1. one", "`1`. one"},
		{"7) one", "`7`) one"},
		{"- + * # > === ---", "`-` `+` `*` `#` `>` `===` `---`"},
		{"a\nb\x1b[31m\u202e", "`a\\nb\\x1b[31m\\u202e`"},
		{"日本語 text", "日本語 text"},
		{"  two  spaces ", "two spaces"},
	} {
		if got := text(c.in); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"sip:a@b", "`sip:a@b`"}, {"`", "`\\x60`"}, {"a|b", "`a\\x7cb`"}, {"x\ny", "`x\\ny`"}, {"<i>", "`<i>`"},
	} {
		if got := code(c.in); got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestSummary(t *testing.T) {
	if got, want := summary("<b>`&'\"\n\n@x"), "<code>&lt;b&gt;&#96;&amp;&#39;&#34;\\n\\n@x</code>"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// innocent is text that no reader of Markdown takes for more than text.
var innocent = regexp.MustCompile(`^[\p{L}\p{N}\p{M} .,;:?()"«»'’/×→⇄–—…·+-]*$`)

// FuzzText: outside of code spans nothing is left that could be markup, and no span is open at the end.
func FuzzText(f *testing.F) {
	for _, s := range append(fixture.Evils(), "a@b #1 [x](y)", "1. x", "``` `` `") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := text(s)
		parts := strings.Split(out, "`")
		if len(parts)%2 == 0 {
			t.Fatalf("%q: open span in %q", s, out)
		}
		for i := 0; i < len(parts); i += 2 {
			if !innocent.MatchString(parts[i]) {
				t.Fatalf("%q: %q in %q", s, parts[i], out)
			}
			for _, w := range strings.Fields(parts[i]) {
				if w = strings.Trim(w, `("«»).,;:?`); reference().MatchString(w) || strings.HasPrefix(strings.ToLower(w), "www.") {
					t.Fatalf("%q: %q in %q", s, w, out)
				}
			}
		}
		if strings.ContainsAny(out, "|\n") || item().MatchString(out) {
			t.Fatalf("%q: breaks out of its place: %q", s, out)
		}
		for _, r := range out {
			if render.Unsafe(r) {
				t.Fatalf("%q holds %U", out, r)
			}
		}
	})
}
