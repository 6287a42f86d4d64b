package xmlscan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tokens writes what the scanner sees, one string for each token, attribute and text.
func tokens(doc string) []string {
	var out []string
	text := func(s *Scanner) {
		if s.TextOff < s.TextEnd {
			out = append(out, fmt.Sprintf("text %q", doc[s.TextOff:s.TextEnd]))
		}
	}
	var s Scanner
	s.Reset([]byte(doc), 0)
	text(&s)
	for s.Next() {
		switch s.Kind {
		case Start:
			name := fmt.Sprintf("start %s|%s", doc[s.NameOff:s.Local], doc[s.Local:s.NameEnd])
			var a Attr
			var attrs []string
			for s.Attr(&a) {
				attrs = append(attrs, fmt.Sprintf("  %s=%q%s", doc[a.NameOff:a.NameEnd], doc[a.ValOff:a.ValEnd], damage(a.Damage)))
			}
			if s.SelfClosing {
				name += " /"
			}
			out = append(append(out, name+damage(s.Damage)), attrs...)
		case End:
			out = append(out, fmt.Sprintf("end %s|%s%s", doc[s.NameOff:s.Local], doc[s.Local:s.NameEnd], damage(s.Damage)))
		case CData:
			out = append(out, fmt.Sprintf("cdata %q%s", doc[s.BodyOff:s.BodyEnd], damage(s.Damage)))
		case PI:
			out = append(out, fmt.Sprintf("pi %q%s", doc[s.BodyOff:s.BodyEnd], damage(s.Damage)))
		case Comment:
			out = append(out, "comment"+damage(s.Damage))
		case Directive:
			out = append(out, fmt.Sprintf("directive %q%s", doc[s.Off:s.TextOff], damage(s.Damage)))
		}
		text(&s)
	}
	return out
}

func damage(d Damage) string {
	var b strings.Builder
	for i, name := range []string{"unclosed", "no-value", "no-quote", "unquoted", "no-space", "too-many"} {
		if d&(1<<i) != 0 {
			b.WriteString(" !" + name)
		}
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	for _, tt := range []struct {
		name, doc string
		want      []string
	}{
		{"nothing", "", nil},
		{"text alone", "text", []string{`text "text"`}},
		{"sound", `<?xml version="1.0"?>` + "\n" + `<a:b c="d" e='f"g' h = "i>j" ><k/>l</a:b >m`, []string{
			`pi "xml version=\"1.0\""`, `text "\n"`, `start a:|b`, `  c="d"`, `  e="f\"g"`, `  h="i>j"`, `start |k /`, `text "l"`, `end a:|b`, `text "m"`}},
		{"empty value, slash in value", `<a b="" c="d/"/>`, []string{`start |a /`, `  b=""`, `  c="d/"`}},
		{"comment and CDATA hide markup", `<a><!-- <b> --><![CDATA[<c>&]]>d</a>`, []string{
			`start |a`, `comment`, `cdata "<c>&"`, `text "d"`, `end |a`}},
		{"document type with subset", `<!DOCTYPE a [<!ENTITY b "<c>"><!-- x -->]> <a/>`, []string{
			`directive "<!DOCTYPE a ["`, `directive "<!ENTITY b \"<c>\">"`, `comment`, `text " "`, `start |a /`}},
		{"document type with empty subset", `<!DOCTYPE a [ ] ><a/>]>`, []string{`directive "<!DOCTYPE a [ ] >"`, `start |a /`, `text "]>"`}},
		{"document type with entity alone", `<!DOCTYPE a [<!ENTITY b 'c'> ]><a/>`, []string{
			`directive "<!DOCTYPE a ["`, `directive "<!ENTITY b 'c'> ]>"`, `start |a /`}},
		{"tag ends at the next one", `<a b="c"` + "\n" + `<d></d`, []string{`start |a !unclosed`, `  b="c"`, `start |d`, `end |d !unclosed`}},
		{"cropped value", `<a b="cd` + "\n " + `<e>`, []string{`start |a !unclosed`, `  b="cd" !no-quote`, `text "\n "`, `start |e`}},
		{"cropped value, more attributes on the next line", `<a b="cd` + "\n" + ` e="f">`, []string{`start |a`, `  b="cd" !no-quote`, `  e="f"`}},
		{"lost quote before another attribute", `<a b="c d="e">`, []string{`start |a`, `  b="c" !no-quote`, `  d="e"`}},
		{"lost quote at the end of the tag", `<a b="c>d</a>`, []string{`start |a`, `  b="c" !no-quote`, `text "d"`, `end |a`}},
		{"lost quote, quotes in the text", `<a b="c>"d"</a>`, []string{`start |a`, `  b="c" !no-quote`, `text "\"d\""`, `end |a`}},
		{"no space", `<a b="c"d="e">`, []string{`start |a`, `  b="c" !no-space`, `  d="e"`}},
		{"no quotes", `<a b=c d=e/>`, []string{`start |a /`, `  b="c" !unquoted`, `  d="e" !unquoted`}},
		{"no opening quote", `<a b=c" d="e">`, []string{`start |a`, `  b="c" !unquoted`, `  d="e"`}},
		{"no value", `<a b c= >`, []string{`start |a`, `  b="" !no-value`, `  c="" !no-value`}},
		{"lost end, address follows", "<a b=\"c\"\n sip:[5555:1]\n</a>", []string{`start |a !unclosed`, `  b="c"`, `text "sip:[5555:1]\n"`, `end |a`}},
		{"comment without end", `<!-- a <b>c`, []string{`comment !unclosed`, `start |b`, `text "c"`}},
		{"CDATA without end", `<a><![CDATA[b<c>`, []string{`start |a`, `cdata "b" !unclosed`, `start |c`}},
		{"processing instruction without end", `<?a <b>`, []string{`pi "a " !unclosed`, `start |b`}},
		{"directive without end", `<!DOCTYPE a`, []string{`directive "<!DOCTYPE a" !unclosed`}},
		{"directive with an open quote", `<!ENTITY a "b><c>`, []string{`directive "<!ENTITY a \"b>" !unclosed`, `start |c`}},
		{"cut behind the bracket", `<a><`, []string{`start |a`, `start | !unclosed`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tokens(tt.doc); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestIndexQuote(t *testing.T) {
	for n := range 40 {
		for at := range n + 1 {
			// Bytes one off from a quote and with the high bit set are what eight at a time could
			// get wrong.
			b := []byte(strings.Repeat("!#\xa2\x00\xff", 8)[:n])
			if at < n {
				b[at] = '"'
			}
			if got, want := indexQuote(b), bytes.IndexByte(b, '"'); got != want {
				t.Errorf("%q: got %d, want %d", b, got, want)
			}
		}
	}
}

func TestTooManyAttributes(t *testing.T) {
	for _, tt := range []struct {
		end  string
		want string
	}{
		{`>x`, `text "x"`}, {`/>x`, `text "x"`}, {``, ``},
	} {
		got := tokens("<a" + strings.Repeat(` b="c"`, maxAttrs+1) + tt.end)
		if !strings.HasPrefix(got[0], "start |a") || !strings.Contains(got[0], "!too-many") {
			t.Errorf("end %q: got %q", tt.end, got[0])
		}
		if strings.Contains(got[0], "|a /") != (tt.end == "/>x") {
			t.Errorf("end %q: got %q", tt.end, got[0])
		}
		if n := maxAttrs + 1; tt.want != "" && (len(got) != n+1 || got[n] != tt.want) {
			t.Errorf("end %q: got %q", tt.end, got)
		}
	}
}

func TestAppendUnescaped(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		bad      bool
	}{
		{"", "", false},
		{"plain", "plain", false},
		{"&lt;urn:a&gt;", "<urn:a>", false},
		{"&amp;&quot;&apos;", `&"'`, false},
		{"&#65;&#x42;&#x0043;&#xe9;&#x1F600;", "ABCé😀", false},
		{"&amp;lt;", "&lt;", false}, // once and not twice
		{"a&b", "a&b", true},
		{"&", "&", true},
		{"&;", "&;", true},
		{"&lt", "&lt", true},
		{"&Lt;", "&Lt;", true},
		{"&nbsp;", "&nbsp;", true},
		{"&#;", "&#;", true},
		{"&#x;", "&#x;", true},
		{"&#0;", "&#0;", true},
		{"&#xD800;", "&#xD800;", true},
		{"&#x110000;", "&#x110000;", true},
		{"&#99999999999;", "&#99999999999;", true},
		{"&#000000000000000000065;", "&#000000000000000000065;", true},
		{"&#12a;", "&#12a;", true},
		{"&evil;&gt;", "&evil;>", true},
	} {
		got, bad := AppendUnescaped([]byte("x"), []byte(tt.in))
		if string(got) != "x"+tt.want || bad != tt.bad {
			t.Errorf("%q: got %q %v, want %q %v", tt.in, got, bad, tt.want, tt.bad)
		}
	}
}

// Tokens come in order, lie inside the document, and cover it: what is between them is text.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0"?><a:b c="d" e='f' g>h<i/><!-- j --><![CDATA[k]]></a:b>`,
		`<!DOCTYPE a [<!ENTITY b "<c>">]>&b;<a b="c d="e" f="g>"h" <i j=k l`, `<a b="c` + "\n<d", "<!--<![CDATA[<?</", "&#x41;&lt;&",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var s Scanner
		s.Reset(doc, 0)
		at := s.TextEnd
		for n := 0; s.Next(); n++ {
			if s.Off != at || doc[s.Off] != '<' {
				t.Fatalf("token %d starts at %d, the one before ended at %d", n, s.Off, at)
			}
			if s.Kind == Start || s.Kind == End {
				if s.NameOff <= s.Off || s.Local < s.NameOff || s.NameEnd < s.Local {
					t.Fatalf("name %d %d %d in the token at %d", s.NameOff, s.Local, s.NameEnd, s.Off)
				}
				last := s.NameEnd
				var a Attr
				for s.Attr(&a) {
					if a.NameOff < last || a.NameEnd < a.NameOff || a.ValOff < a.NameEnd || a.ValEnd < a.ValOff || a.ValEnd > s.TextEnd {
						t.Fatalf("attribute %+v behind %d in the token at %d", a, last, s.Off)
					}
					last = a.ValEnd
				}
				if s.TextOff < last {
					t.Fatalf("text at %d, the last attribute ends at %d", s.TextOff, last)
				}
			}
			if s.TextOff <= s.Off || s.TextEnd < s.TextOff || s.TextEnd > len(doc) {
				t.Fatalf("token at %d: text %d to %d of %d", s.Off, s.TextOff, s.TextEnd, len(doc))
			}
			at = s.TextEnd
		}
		if at != len(doc) {
			t.Fatalf("stopped at %d of %d", at, len(doc))
		}
		if got, _ := AppendUnescaped(nil, doc); len(got) > len(doc) {
			t.Fatalf("%d bytes became %d", len(doc), len(got))
		}
	})
}
