package redact

import (
	"bytes"
	"testing"

	"imscope/decode/diameter"
	"imscope/decode/pseudonym"
	"imscope/decode/sip"
)

// Whatever comes in, lengths stay, the structure stays, and the same comes out again.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(register))
	f.Add([]byte("SIP/2.0 200 user tobias\r\nTo: <sip:a%40b@[::1\r\nno colon\r\nContent-Type: application/reginfo+xml\r\n\r\n<a b=\"sip:&#x74;@h\"><uri>sip:x@1.2.3.4</"))
	b := diameter.NewRequest(301, diameter.AppCx, 1, 2)
	b.String(diameter.AVPUserName, 0, 0x40, "user1@home1.fr")
	f.Add(b.Message())
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, kind := range []string{"sip", "diameter", "xml", "sdp", "text", "http"} {
			r := redactor(pseudonym.Options{HidePLMN: true})
			run := func() []byte {
				b := bytes.Clone(data)
				switch kind {
				case "sip":
					r.SIP(b)
				case "diameter":
					r.Diameter(b)
				case "xml":
					r.xml(b, document)
				case "sdp":
					r.sdp(b)
				case "http":
					r.HTTP(b)
				case "text":
					r.Text(b)
				}
				return b
			}
			once := run()
			if len(once) != len(data) {
				t.Fatalf("%s: %d bytes became %d", kind, len(data), len(once))
			}
			twice := run()
			if again := run(); !bytes.Equal(twice, again) {
				t.Fatalf("%s: %q became %q, then %q", kind, data, twice, again)
			}
			if kind != "sip" {
				continue
			}
			var m, was sip.Message
			if was.Parse(data) != nil {
				continue
			}
			if err := m.Parse(once); err != nil || m.Status != was.Status || m.Method != was.Method || m.Body != was.Body || len(m.Headers) != len(was.Headers) {
				t.Fatalf("%q became %q: %v", data, once, err)
			}
			for i := range m.Headers {
				if m.Headers[i] != was.Headers[i] {
					t.Fatalf("%q became %q: header field %d moved", data, once, i)
				}
			}
		}
	})
}

func BenchmarkSIP(b *testing.B) {
	r := redactor(pseudonym.Options{})
	buf := make([]byte, len(register))
	b.SetBytes(int64(len(register)))
	b.ReportAllocs()
	for b.Loop() {
		copy(buf, register)
		r.SIP(buf)
	}
}
