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
	c.LeftSide.Captures = []string{`<script>alert(1)</script>"'\x1b[31m.pcap`}
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
			case "script", "img", "link", "a", "iframe":
				t.Errorf("a <%s> on the page", n.Data)
			case "tr":
				rows++
			}
		}
	}
	if want := len(c.Rows); rows < want+4 {
		t.Errorf("%d rows for %d steps", rows, want)
	}
	if s := b.String(); strings.Contains(s, "\x1b") || strings.Contains(s, "<script") || !strings.Contains(s, "&lt;script") {
		t.Error("the name of a capture reaches the page as it is")
	}
	var again bytes.Buffer
	if HTML(&again, c); again.String() != b.String() {
		t.Error("not the same twice")
	}
}
