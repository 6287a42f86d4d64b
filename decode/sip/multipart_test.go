package sip

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// parts lists the parts of a body as "type encoding body".
func parts(contentType, body string) []string {
	var got []string
	p := Part{Type: []byte(contentType), Body: []byte(body)}
	for mp := p.Multipart(); ; {
		q, ok := mp.Next()
		if !ok {
			return got
		}
		got = append(got, fmt.Sprintf("%s|%s|%s", q.Type, q.Encoding, q.Body))
	}
}

func TestMultipart(t *testing.T) {
	const mixed = "multipart/mixed;boundary=b1"
	for _, c := range []struct {
		name, kind, body string
		want             []string
	}{
		{"two", mixed, "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b1\r\nc: text/plain\r\n\r\nhello\r\n--b1--\r\nbehind", []string{"application/sdp||v=0\r\n", "text/plain||hello"}},
		{"quoted boundary, any case", `Multipart/Related; type="a/b"; Boundary="b 1"`, "preamble\r\n--b 1 \r\n\r\nx\r\n--b 1--", []string{"||x"}},
		{"bare line feeds", mixed, "--b1\nContent-Type: a/b\n\nx\ny\n--b1--\n", []string{"a/b||x\ny"}},
		{"folded type", mixed, "--b1\r\nContent-Type: multipart/x;\r\n boundary=c\r\nContent-ID: <1>\r\n\r\nx\r\n--b1--", []string{"multipart/x;\r\n boundary=c||x"}},
		{"encodings", mixed, "--b1\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--b1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx\r\n--b1\r\ne: gzip\r\n\r\nz\r\n--b1--",
			[]string{"|base64|eA==", "||x", "|gzip|z"}},
		{"boundary inside a line or longer", mixed, "--b1\r\n\r\na --b1\r\n--b12\r\n-b1\r\n--b1--", []string{"||a --b1\r\n--b12\r\n-b1"}},
		{"no end", mixed, "--b1\r\n\r\nx\r\n--b1\r\n\r\ny", []string{"||x", "||y"}},
		{"cut in a header", mixed, "--b1\r\nContent-Ty", []string{"||"}},
		{"empty part", mixed, "--b1\r\n\r\n--b1\r\n--b1--", []string{"||", "||"}},
		{"no boundary", "multipart/mixed", "--b1\r\n\r\nx\r\n--b1--", nil},
		{"other type", "application/sdp;boundary=b1", "--b1\r\n\r\nx\r\n--b1--", nil},
		{"boundary never found", mixed, "x", nil},
	} {
		if got := parts(c.kind, c.body); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if n := len(parts(mixed, strings.Repeat("--b1\r\n\r\nx\r\n", 1000))); n != maxParts {
		t.Errorf("%d parts", n)
	}
}

func FuzzMultipart(f *testing.F) {
	f.Add("multipart/mixed;boundary=b1", []byte("--b1\r\nContent-Type: a/b\r\n\r\nx\r\n--b1\r\n\r\ny\r\n--b1--\r\n"))
	f.Add(`multipart/related;boundary="-"`, []byte("---\n\n----\n"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		body = slices.Clip(body)
		p := Part{Type: []byte(kind), Body: body}
		mp := p.Multipart()
		last := 0
		for n := 0; ; n++ {
			q, ok := mp.Next()
			if !ok {
				break
			}
			if n == maxParts {
				t.Fatal("too many parts")
			}
			for _, b := range [][]byte{q.Type, q.Encoding, q.Body} {
				if off := cap(body) - cap(b); b != nil && (off < last || off+len(b) > len(body) || len(b) > 0 && &body[off] != &b[0]) {
					t.Fatalf("%q is no part of %q behind %d", b, body, last)
				}
			}
			if q.Body != nil {
				last = cap(body) - cap(q.Body) + len(q.Body)
			}
		}
	})
}
