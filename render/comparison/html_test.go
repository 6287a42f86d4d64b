package comparison

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The page parses, says what the object says, and nothing of the wire becomes markup.
func TestHTML(t *testing.T) {
	c := made()
	c.LeftSide.Captures = []string{`/home/somebody/<script>alert(1)<script>"'\x1b[31m.pcap`}
	var b bytes.Buffer
	if err := HTML(&b, c); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script", "img", "link", "iframe":
				t.Errorf("a <%s> on the page", n.Data)
			case "a":
				if n.Attr[1].Val != "#first" {
					t.Errorf("a link to %s", n.Attr[1].Val)
				}
			case "tr":
				rows++
			}
		}
	}
	if want := len(c.Rows); rows < want+4 {
		t.Errorf("%d rows for %d steps", rows, want)
	}
	for _, want := range []string{`<main>`, `<tr class="changed" id="first"><td class="m">~</td>`, `<tr class="unseen"><td class="m">·</td>`, "took 12 ms on the left, 9.00 s on the right",
		"+0:01:15.012", "neither a registration nor a de-registration"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if s := b.String(); strings.Contains(s, "\x1b") || strings.Contains(s, "somebody") || strings.Contains(s, "<script") || !strings.Contains(s, "&lt;script") {
		t.Error("the name of a capture reaches the page as it is")
	}
	var again bytes.Buffer
	if HTML(&again, c); again.String() != b.String() {
		t.Error("not the same twice")
	}
}
