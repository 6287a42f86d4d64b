package fact

import (
	"slices"
	"strings"
	"testing"

	"imscope/decode/sip"
)

// A document is found in whatever the body of a NOTIFY wraps it, and what is wrong with one that cannot be read is kept.
func TestBody(t *testing.T) {
	const (
		doc = `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">` +
			`<registration aor="sip:a@b" id="r" state="init"/></reginfo>`
		prefixed = `<r:reginfo xmlns:r="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><r:registration aor="sip:a@b" id="r" state="init"/></r:reginfo>`
		reg      = "application/reginfo+xml"
	)
	part := func(head, body string) string { return "--b\r\n" + head + "\r\n\r\n" + body + "\r\n" }
	utf16 := "\xff\xfe" + strings.ReplaceAll(doc, "", "\x00")[1:]
	for _, c := range []struct {
		name, head, body string
		found            bool
		problems         string
	}{
		{"plain", "Content-Type: " + reg, doc, true, ""},
		{"with a parameter", "Content-Type: Application/Reginfo+XML;charset=utf-8", doc, true, ""},
		{"no type", "Supported: x", doc, true, ""},
		{"XML", "Content-Type: application/xml", doc, true, ""},
		{"text, prefix", "Content-Type: text/xml ;charset=utf-8", prefixed, true, ""},
		{"other XML", "Content-Type: application/xml", "<presence/>", false, ""},
		{"other", "Content-Type: text/plain", "hello", false, ""},
		{"mixed", "Content-Type: multipart/mixed;boundary=b", part("Content-Type: text/plain", "hi") + part("Content-Type: "+reg, doc) + "--b--", true, ""},
		{"in parts of parts", `Content-Type: multipart/mixed;boundary="c"`,
			"--c\r\nContent-Type: multipart/related;boundary=b\r\n\r\n" + part("Content-Type: "+reg, doc) + "--b--\r\n--c--", true, ""},
		{"too deep", "Content-Type: multipart/mixed;boundary=d", "--d\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n" +
			"--c\r\nContent-Type: multipart/related;boundary=b\r\n\r\n" + part("Content-Type: "+reg, doc) + "--b--\r\n--c--\r\n--d--", false, ""},
		{"the first is unreadable", "Content-Type: multipart/mixed;boundary=b", part("Content-Type: "+reg, "x<y/>") + part("Content-Type: "+reg, doc) + "--b--", true,
			"reginfo-leading-text reginfo-unreadable "},
		{"HTML", "Content-Type: " + reg, "<html/>", false, "reginfo-unreadable "},
		{"UTF-16", "Content-Type: " + reg, utf16, true, ""},
		{"compressed", "Content-Encoding: gzip\r\nContent-Type: " + reg, "\x1f\x8b\x08", false, "reginfo-unreadable "},
		{"coding that is none", "Content-Encoding: Identity\r\nContent-Type: " + reg, doc, true, ""},
		{"part in base64", "Content-Type: multipart/mixed;boundary=b", part("Content-Transfer-Encoding: base64\r\nContent-Type: "+reg, "PHI+") + "--b--", false, "reginfo-unreadable sip-content-encoding "},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m sip.Message
			if err := m.Parse([]byte("NOTIFY sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 NOTIFY\r\n" + c.head + "\r\n\r\n" + c.body)); err != nil {
				t.Fatal(err)
			}
			var d reading
			d.notified(&m)
			if found := d.notify.Document != nil; found != c.found || found && len(d.notify.Document.Registrations) != 1 {
				t.Errorf("document %+v", d.notify.Document)
			}
			got := ""
			for _, p := range d.unread {
				got += p.ID + " "
			}
			if got != c.problems {
				t.Errorf("problems %s, want %s", got, c.problems)
			}
			if d.notify.Document != nil {
				d.unread = append(d.unread, d.document.Problems...)
			}
			if all := NewExtractor().NewReader().Problems(&m); !slices.Equal(all, d.unread) {
				t.Errorf("all problems %v, want %v", all, d.unread)
			}
		})
	}
}
