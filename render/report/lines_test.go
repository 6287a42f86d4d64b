package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWithoutKeys(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`Digest realm="r", nonce="n", ck="0011", ik="2233"`, `Digest realm="r", nonce="n", ck="(left out)", ik="(left out)"`},
		{`Digest ik="2233",ck="0011",realm="r"`, `Digest ik="(left out)",ck="(left out)",realm="r"`},
		{`Digest IK = 2233 , CK=0011`, `Digest IK = (left out) , CK=(left out)`},
		{`Digest realm="back=x", nonce="ik"`, `Digest realm="back=x", nonce="ik"`},
		{`Digest ck=""`, `Digest ck=""`},
		{`Digest ck="abc`, `Digest ck="(left out)`},
		{``, ``},
	} {
		if got := string(withoutKeys([]byte(c.in))); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("REGISTER sip:x SIP/2.0\r\nWWW-Authenticate: Digest ck=\"12\"\r\n\tfolded\r\n\r\n<a/>\x00"))
	f.Add([]byte("\x01\x00\x00\x14\x80\x00\x01\x2c\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, d := range []bool{false, true} {
			m := &Message{Raw: raw, Diameter: d}
			for _, l := range m.Lines() {
				if strings.ContainsAny(l.Value, "\t") || l.Kind == Body && strings.ContainsAny(l.Value, "\n") {
					t.Errorf("%q in a line", l.Value)
				}
				if l.Depth > maxDepth {
					t.Errorf("depth %d", l.Depth)
				}
				if l.Kind == Remark && !utf8.ValidString(l.Value) {
					t.Errorf("%q is ours", l.Value)
				}
			}
		}
	})
}
