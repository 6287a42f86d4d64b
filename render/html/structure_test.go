package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	dom "golang.org/x/net/html"

	"imscope/render"
)

func attr(n *dom.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// find lists the elements below n, n included, for which want holds.
func find(n *dom.Node, want func(*dom.Node) bool) []*dom.Node {
	var out []*dom.Node
	for d := range n.Descendants() {
		if d.Type == dom.ElementNode && want(d) {
			out = append(out, d)
		}
	}
	return out
}

// words gives the text below n, one space between words.
func words(n *dom.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == dom.TextNode && d.Parent.Data != "style" && d.Parent.Data != "script" {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return strings.NewReplacer(" ,", ",", " .", ".", " :", ":").Replace(s)
}

// void are the elements without an end tag.
var void = []string{"meta", "br", "input", "link", "img", "hr", "base"}

// ours are the elements that a page of ours may have.
var ours = strings.Fields(`html head body meta title style script a header main footer section nav aside div p span b i h1 h2 h3 h4 ul ol li dl dt dd
	table caption thead tbody tr th td br label input small details summary figure figcaption code pre mark button svg g path rect text tspan title`)

// attributes are those that they may have.
var attributes = strings.Fields(`lang title charset http-equiv content name class id href data-f aria-label aria-labelledby aria-hidden role tabindex scope colspan hidden
	open for aria-live type autocomplete spellcheck placeholder width height viewbox d x y rx`)

// check holds a page against what every page has to keep, whatever the wire said.
func check(t testing.TB, b []byte) {
	t.Helper()
	if !utf8.Valid(b) {
		t.Error("the page is not UTF-8")
	}
	for _, r := range string(b) {
		if r != '\n' && r != '\t' && render.Unsafe(r) {
			t.Fatalf("the page holds %U", r)
		}
	}
	var (
		open     []string
		ids      = map[string]bool{}
		links    []string
		labels   = map[string]bool{}
		inputs   []string
		policy   string
		sources  []string
		headings []int
	)
	z := dom.NewTokenizer(bytes.NewReader(b))
	for {
		tt := z.Next()
		if tt == dom.ErrorToken {
			break
		}
		tok := z.Token()
		switch tt {
		case dom.CommentToken:
			t.Errorf("a comment: %.80q", tok.Data)
		case dom.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				t.Fatalf("</%s> ends %v", tok.Data, open)
			}
			open = open[:len(open)-1]
		case dom.StartTagToken, dom.SelfClosingTagToken:
			if slices.Contains(open, "summary") && slices.Contains([]string{"a", "button", "input", "summary"}, tok.Data) {
				t.Errorf("<%s> within what folds", tok.Data)
			}
			if !slices.Contains(ours, tok.Data) {
				t.Fatalf("an element <%s>", tok.Data)
			}
			for _, a := range tok.Attr {
				if !slices.Contains(attributes, a.Key) {
					t.Errorf("an attribute %s of <%s>", a.Key, tok.Data)
				}
				switch a.Key {
				case "id":
					if ids[a.Val] {
						t.Errorf("id %s twice", a.Val)
					}
					ids[a.Val] = true
				case "href":
					if !strings.HasPrefix(a.Val, "#") {
						t.Fatalf("a link out of the page: %.80q", a.Val)
					}
					links = append(links, a.Val[1:])
				case "for":
					labels[a.Val] = true
				case "role":
					if a.Val == "region" {
						t.Error("a landmark among tables and drawings, of which there are many")
					}
				}
			}
			value := func(name string) string {
				for _, a := range tok.Attr {
					if a.Key == name {
						return a.Val
					}
				}
				return ""
			}
			switch tok.Data {
			case "meta":
				if value("http-equiv") != "" {
					if policy != "" || value("http-equiv") != "Content-Security-Policy" {
						t.Errorf("meta %s", value("http-equiv"))
					}
					policy = value("content")
				}
			case "th":
				if value("scope") == "" {
					t.Error("a head of a table without scope")
				}
			case "svg":
				if value("aria-label") == "" && value("aria-hidden") == "" {
					t.Error("a drawing without a name")
				}
			case "input":
				inputs = append(inputs, value("id"))
			case "h1", "h2", "h3", "h4":
				headings = append(headings, int(tok.Data[1]-'0'))
			case "style", "script":
				if len(tok.Attr) > 0 {
					t.Errorf("<%s> with attributes", tok.Data)
				}
				z.Next()
				sum := sha256.Sum256(z.Raw())
				sources = append(sources, tok.Data+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
			}
			if tt == dom.StartTagToken && !slices.Contains(void, tok.Data) {
				open = append(open, tok.Data)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("%v are left open", open)
	}
	for _, l := range links {
		if !ids[l] {
			t.Errorf("a link to #%s, which is not there", l)
		}
	}
	for _, i := range inputs {
		if !labels[i] {
			t.Errorf("the input %s has no label", i)
		}
	}
	if len(headings) == 0 || headings[0] != 1 || slices.Contains(headings[1:], 1) {
		t.Errorf("headings %v: the first, and only the first, is to be h1", headings)
	}
	for i := 1; i < len(headings); i++ {
		if headings[i] > headings[i-1]+1 {
			t.Errorf("h%d after h%d", headings[i], headings[i-1])
		}
	}
	if len(sources) != 2 || !strings.Contains(policy, sources[0]) || !strings.Contains(policy, sources[1]) || !strings.HasPrefix(policy, "default-src 'none'; ") ||
		strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy %q does not fit %q", policy, sources)
	}
	if i := bytes.Index(b, []byte("<meta http-equiv")); i > 200 {
		t.Errorf("the policy comes after %d bytes", i)
	}
}

// shape is the sequence of elements and attributes, without what they hold. Drawings, which break and drop
// what is too wide, are left to the tests of package svg.
func shape(t testing.TB, b []byte) string {
	t.Helper()
	var s strings.Builder
	drawing := false
	z := dom.NewTokenizer(bytes.NewReader(b))
	for {
		tt := z.Next()
		if tt == dom.ErrorToken {
			return s.String()
		}
		tok := z.Token()
		if tok.Data == "svg" {
			drawing = tt == dom.StartTagToken
		}
		if drawing {
			continue
		}
		switch tt {
		case dom.StartTagToken, dom.SelfClosingTagToken:
			s.WriteString("<" + tok.Data)
			for _, a := range tok.Attr {
				s.WriteString(" " + a.Key)
			}
			s.WriteString(">\n")
		case dom.EndTagToken:
			s.WriteString("</" + tok.Data + ">\n")
		}
	}
}

// differ shows where two shapes part.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			from := max(0, i-5)
			return fmt.Sprintf("after %q comes %q, not %q", x[from:i], y[i], x[i])
		}
	}
	return "one ends earlier"
}

var spaces = regexp.MustCompile(`\s+`)

// outline writes what a page says, an element that begins a line on a line of its own, drawings with their
// texts and links with their targets. brief leaves out what is in drawings and in messages.
func outline(t testing.TB, b []byte, brief bool) []byte {
	t.Helper()
	root, err := dom.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	inline := []string{"a", "b", "i", "span", "small", "code", "mark", "tspan", "button", "label", "svg", "g", "text"}
	var out strings.Builder
	line := ""
	flush := func(depth int) {
		if s := strings.TrimRightFunc(line, unicode.IsSpace); s != "" {
			out.WriteString(strings.Repeat("  ", depth) + strings.TrimLeft(s, " ") + "\n")
		}
		line = ""
	}
	var walk func(n *dom.Node, depth int)
	walk = func(n *dom.Node, depth int) {
		switch n.Type {
		case dom.TextNode:
			line += spaces.ReplaceAllString(n.Data, " ")
			return
		case dom.ElementNode:
		default:
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c, depth)
			}
			return
		}
		switch n.Data {
		case "style", "script", "meta", "path", "rect":
			return
		case "svg":
			if brief {
				line += "(drawing)"
				return
			}
		case "details":
			if brief && (attr(n, "class") == "messages" || attr(n, "class") == "msg") {
				return
			}
		case "title":
			if n.Parent.Data != "head" {
				return // the drawing's text says as much
			}
		}
		block := !slices.Contains(inline, n.Data) || n.Data == "text"
		if block {
			flush(depth)
			line = n.Data + ":"
			if n.Data == "text" {
				line = "| "
			}
			for _, a := range []string{"id", "class", "open", "aria-label"} {
				if slices.ContainsFunc(n.Attr, func(x dom.Attribute) bool { return x.Key == a }) && n.Data != "text" {
					line += " " + a + "=" + attr(n, a)
				}
			}
			line += " "
		}
		if n.Data == "a" {
			line += "[" + attr(n, "href") + "] "
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
		if block {
			flush(depth + 1)
		}
	}
	walk(root, 0)
	return []byte(out.String())
}
