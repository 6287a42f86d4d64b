package reginfo

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAppendXML(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"the chapter, network-initiated, becomes well-formed", seedNetwork[:strings.Index(seedNetwork, "  <registration aor=\"tel:")], `<?xml version="1.0" encoding="UTF-8"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3">
  <registration aor="sip:tobias@home1.fr" id="a1" state="terminated">
    <contact id="15" state="terminated" event="deactivated">
      <uri>sip:[5555:112:3:4]</uri>
    </contact>
    <contact id="20" state="terminated" event="deactivated">
      <uri>sip:[5555:171:171:172:173]</uri>
    </contact>
  </registration>
</reginfo>
`},
		{"everything there is", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full"><registration state="init" id="r&#10;" aor="sip:a&amp;b@c"><actions/>` +
			`<w:wildcardedIdentity>sip:a!.*!@c</w:wildcardedIdentity><contact event="probation" state="terminated" id="1" cseq="2" callid="c" q="1" expires="0" retry-after="9" duration-registered="8" user_agent="" path="p" received="r">` +
			`<display-name>"A"</display-name><uri>sip:1</uri><unknown-param name="x">&lt;</unknown-param><temp-gruu uri="sip:t" first-cseq="3"/><pub-gruu uri="sip:p"/></contact></registration></reginfo>`,
			`<?xml version="1.0" encoding="UTF-8"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" version="1" state="full">
  <registration aor="sip:a&amp;b@c" id="r&#10;" state="init">
    <contact id="1" state="terminated" event="probation" expires="0" retry-after="9" duration-registered="8" q="1" callid="c" cseq="2" received="r" path="p" user_agent="">
      <uri>sip:1</uri>
      <display-name>&quot;A&quot;</display-name>
      <unknown-param name="x">&lt;</unknown-param>
      <gr:pub-gruu uri="sip:p"/>
      <gr:temp-gruu uri="sip:t" first-cseq="3"/>
    </contact>
    <wildcardedIdentity xmlns="urn:3gpp:ns:extRegExp:1.0">sip:a!.*!@c</wildcardedIdentity>
    <actions xmlns="urn:3gpp:ns:extRegInfo:1.0"/>
  </registration>
</reginfo>
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Document
			if err := d.Parse([]byte(tt.in)); err != nil {
				t.Fatal(err)
			}
			got := d.AppendXML([]byte("prefix"))
			if string(got) != "prefix"+tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			wellFormed(t, got[len("prefix"):])
		})
	}
}

// wellFormed lets a strict reader judge.
func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(string(doc)))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
	}
}
