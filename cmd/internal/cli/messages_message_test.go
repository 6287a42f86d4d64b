package cli

import (
	"strings"
	"testing"

	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/sip"
	"imscope/render"
)

// TestNoStatus: a status that is none stands as it was sent.
func TestNoStatus(t *testing.T) {
	for line, want := range map[string]string{
		"SIP/2.0 200 OK": "200 OK", "SIP/2.0 2000 OK": "2000 OK", "SIP/2.0 99": "99",
	} {
		var s sip.Message
		if err := s.Parse([]byte(line + "\r\nCall-ID: a\r\nCSeq: 1 REGISTER\r\n\r\n")); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		m := message{rec: &decode.Record{SIP: &s}}
		if m.sip(&s, fact.NewExtractor().NewReader()); m.what != want {
			t.Errorf("%s: %q, want %q", line, m.what, want)
		}
		l := messageList{opt: render.Options{Width: 100}}
		short, _, _ := strings.Cut(want+" ", " ")
		if l.short(&m); !strings.Contains(string(l.buf), "  "+short+" ") && !strings.Contains(string(l.buf), "  "+short+"\n") {
			t.Errorf("%s: %q", line, l.buf)
		}
	}
}
