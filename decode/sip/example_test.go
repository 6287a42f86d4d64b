package sip_test

import (
	"fmt"
	"strings"

	"imscope/decode/sip"
)

func Example() {
	datagram := []byte(strings.ReplaceAll(`REGISTER sip:home1.fr SIP/2.0
Via: SIP/2.0/UDP [5555::1:2:3:4]:1357;branch=z9hG4bK99ueth
Max-Forwards: 70
From: <sip:tobias@home1.fr>;tag=ulkomaa
To: <sip:tobias@home1.fr>;tag=kotimaa
Call-ID: apb03a0s09dkjdfglkj49222
CSeq: 49 REGISTER
m: <sip:[5555::1:2:3:4]:1357>;expires=0, "desk" <sip:desk@home1.fr>
Content-Length: 0

`, "\n", "\r\n"))

	var m sip.Message
	if err := m.Parse(datagram); err != nil {
		fmt.Println(err)
		return
	}
	for v := range m.All(sip.HdrContact) {
		for c, rest, ok := sip.NextContact(v); ok; c, rest, ok = sip.NextContact(rest) {
			fmt.Printf("%s contact %s expires %d\n", m.Method, c.URI, c.Expires)
		}
	}
	m.Check()
	for _, p := range m.Problems {
		fmt.Printf("%s at %d: %s (%s)\n", p.Code.Severity, p.Span.Off, p.Code.Title, p.Code.Clause)
	}
	// Output:
	// REGISTER contact sip:[5555::1:2:3:4]:1357 expires 0
	// REGISTER contact sip:desk@home1.fr expires -1
	// warning at 154: REGISTER with a To tag (RFC 3261 10.2)
}
