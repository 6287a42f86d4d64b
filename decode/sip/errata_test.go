package sip

import (
	"slices"
	"testing"

	"imscope/decode/problem"
)

// printed is a de-registration as a text scan leaves it: LF line ends, two stray empty lines, addresses
// that lost a colon, a lost quote, a lost comma, a repeated parameter.
const printed = `REGISTER sip:home1.fr SIP/2.0
Via: SIP/2.0/UDP [5555:1:2:3:4]:1357;comp=sigcomp;branch=99ueth
Route: sip:[5555:1:2:3:4]:7531;comp=sigcomp;lr
Max-Forwards: 70
From: <sip:tobias@home1.fr>;tag=ulkomaa
To: <sip:tobias@home1.fr>;tag=kotimaa
Authorization: Digest username="user1_private@home1.fr",
               realm="home1.fr",
               nonce="34CwFva37UYWpGNB34JP, algorithm=AKAV1-MD5,
               uri="sip:home1.fr",
               response="6629fae49393a05397450978507c4ef1",
               integrity-protected="yes"
               uri="sip:home1.fr",

Require: sec-agree
Proxy-Require: sec-agree
Security-Verify: tls ;q=0.2, IPsec-3gpp ;q=0.1 ;alg=hmac-sha-1-96
                  ;spi-c=98765434 ;spi-s=87654322
                  ;port-c=8644 ;port-s=7533
Security-Client: digest, IPsec-3gpp ;alg=hmac-sha-1-96
                  ;spi-c=23456790 ;spi-s=12345679
                  ;port-c=2472 ;port-s=1357

Contact: <sip:[5555:1:2:3:4]:1357;comp=sigcomp>;expires=0
Call-ID: apb03a0s09dkjdfglkj49222
CSeq: 49 REGISTER
Content-Length: 0
`

func TestPrintedRegister(t *testing.T) {
	m := parse(t, []byte(printed))
	m.Check()
	tiles(t, m)
	want := []struct {
		code *problem.Code
		text string
	}{
		{ProbBareLF, "\n"},
		{ProbHeadersAfterBlankLine, "\n"},
		{ProbHeadersAfterBlankLine, "\n"},
		{ProbNoHeaderEnd, ""},
		{ProbBadIPv6, "[5555:1:2:3:4]"},
		{ProbNoMagicCookie, "99ueth"},
		{ProbRouteNoBrackets, "sip:[5555:1:2:3:4]:7531;comp=sigcomp;lr"},
		{ProbBadIPv6, "[5555:1:2:3:4]"},
		{ProbUnterminatedQuote, "34CwFva37UYWpGNB34JP"},
		{ProbMissingComma, "uri"},
		{ProbDuplicateParam, "uri"},
		{ProbTrailingComma, ","},
		{ProbAKASpelling, "AKAV1-MD5"},
		{ProbAKANonceShort, "34CwFva37UYWpGNB34JP"},
		{ProbBadIPv6, "[5555:1:2:3:4]"},
		{ProbToTagInRegister, "<sip:tobias@home1.fr>;tag=kotimaa"},
		{ProbRouteToSelf, "sip:[5555:1:2:3:4]:7531"},
		{ProbSecurityPortMismatch, "7531"},
	}
	for i, p := range m.Problems {
		if i >= len(want) {
			t.Fatalf("unexpected %s %q", p.Code.ID, p.Span.In(m.Raw))
		}
		if p.Code != want[i].code || string(p.Span.In(m.Raw)) != want[i].text {
			t.Errorf("problem %d: %s %q, want %s %q", i, p.Code.ID, p.Span.In(m.Raw), want[i].code.ID, want[i].text)
		}
		if p.Code.Severity == problem.Error {
			t.Errorf("%s is an error, but the message can be read", p.Code.ID)
		}
	}
	if len(m.Problems) != len(want) {
		t.Errorf("%d problems, want %d", len(m.Problems), len(want))
	}

	// The message is usable all the same.
	a, ok := ParseAuth(m.First(HdrAuthorization))
	if !ok || string(a.Username) != "user1_private@home1.fr" || string(a.Realm) != "home1.fr" || string(a.Nonce) != "34CwFva37UYWpGNB34JP" ||
		string(a.Algorithm) != "AKAV1-MD5" || string(a.URI) != "sip:home1.fr" || string(a.Response) != "6629fae49393a05397450978507c4ef1" ||
		string(a.IntegrityProtected) != "yes" {
		t.Errorf("credentials %q", a)
	}
	c, ok := ParseContact(m.First(HdrContact))
	if !ok || string(c.URI) != "sip:[5555:1:2:3:4]:1357;comp=sigcomp" || c.Expires != 0 {
		t.Errorf("contact %q expires %d", c.URI, c.Expires)
	}
	if n, method, ok := ParseCSeq(m.First(HdrCSeq)); !ok || n != 49 || string(method) != "REGISTER" {
		t.Errorf("CSeq %d %s", n, method)
	}
	if m.ContentLength != 0 || m.Body.Len != 0 {
		t.Errorf("body %+v, Content-Length %d", m.Body, m.ContentLength)
	}
	na, _ := ParseNameAddr(m.First(HdrRoute))
	if _, lr := Param(na.Params, "lr"); !lr || string(na.URI) != "sip:[5555:1:2:3:4]:7531" {
		t.Errorf("route %q params %q", na.URI, na.Params)
	}
	_, rest, _ := NextSecurity(m.First(HdrSecurityVerify))
	s, _, _ := NextSecurity(rest)
	if !s.IsIPsec3GPP() || s.SPIC != 98765434 || s.SPIS != 87654322 || s.PortC != 8644 || s.PortS != 7533 || string(s.Alg) != "hmac-sha-1-96" {
		t.Errorf("security %+v", s)
	}
}

// TestDamage has one damaged form at a time.
func TestDamage(t *testing.T) {
	auth := func(s string) string {
		return request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Authorization: "+s)
	}
	const nonce = `"I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M="`
	for _, c := range []struct {
		name, msg string
		want      *problem.Code // nil for none
		text      string
	}{
		{"no magic cookie", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Via: SIP/2.0/UDP a;branch=99ueth"), ProbNoMagicCookie, "99ueth"},
		{"address lost a colon", request("OPTIONS sip:[5555:1:2:3:4] SIP/2.0", "OPTIONS"), ProbBadIPv6, "[5555:1:2:3:4]"},
		{"Route without brackets", request("OPTIONS sip:home1.fr SIP/2.0", "OPTIONS", "Route: sip:p.home1.fr:7531;lr"), ProbRouteNoBrackets, "sip:p.home1.fr:7531;lr"},
		{"lost closing quote", auth(`Digest username="u", nonce="abc, algorithm=MD5, uri="sip:h", response="r"`), ProbUnterminatedQuote, "abc"},
		{"lost closing quote at a line end", auth("Digest username=\"u\", nonce=\"abc\n ,algorithm=MD5,\n uri=\"sip:h\""), ProbUnterminatedQuote, "abc"},
		{"lost last quote", auth(`Digest username="u", nonce="abc`), ProbUnterminatedQuote, "abc"},
		{"quoted comma and equals sign are no damage", auth(`Digest username="u, x=y", nonce="abc", opaque="a="`), nil, ""},
		{"short nonce", auth(`Digest username="u", nonce="34CwFva37UYWpGNB34JP", algorithm=AKAv1-MD5`), ProbAKANonceShort, "34CwFva37UYWpGNB34JP"},
		{"empty nonce of a first REGISTER", auth(`Digest username="u", nonce="", response="", algorithm=AKAv1-MD5`), nil, ""},
		{"algorithm in capitals", auth(`Digest username="u", nonce=` + nonce + `, algorithm=AKAV1-MD5`), ProbAKASpelling, "AKAV1-MD5"},
		{"repeated parameter", auth(`Digest username="u", uri="sip:h", URI="sip:h"`), ProbDuplicateParam, "URI"},
		{"missing comma", auth("Digest username=\"u\"\n uri=\"sip:h\""), ProbMissingComma, "uri"},
		{"trailing comma", auth(`Digest username="u", uri="sip:h" ,`), ProbTrailingComma, ","},
		{"two commas", auth(`Digest username="u",, uri="sip:h"`), ProbTrailingComma, "uri"},
		{"spaces and case in Security-Client are legal", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Security-Client: digest, IPsec-3gpp ;alg=x\n ;spi-c = 1 ;spi-s=2\n ;port-c=3 ;port-s=4"), nil, ""},
		{"To tag in a REGISTER", "REGISTER sip:home1.fr SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards: 70\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>;tag=2\nCall-ID: c\nCSeq: 1 REGISTER\n\n", ProbToTagInRegister, "<sip:t@h>;tag=2"},
		{"terminated without reason", notify("Subscription-State: terminated"), ProbNoTerminationReason, "terminated"},
		{"terminated with reason", notify("Subscription-State: terminated;reason=timeout"), nil, ""},
		{"expires inside the brackets", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: <sip:a@h;expires=0>"), ProbExpiresInURI, "0"},
		{"Route to the sender", request("OPTIONS sip:h SIP/2.0", "OPTIONS", "Via: SIP/2.0/UDP [5555::1]:1;branch=z9hG4bKa", "Route: <sip:[5555::1]:7531;lr>"), ProbRouteToSelf, "sip:[5555::1]:7531;lr"},
		{"port of Route and Security-Verify differ", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Route: <sip:[5555::a]:7531;lr>", "Security-Verify: ipsec-3gpp;alg=x;spi-c=1;spi-s=2;port-c=3;port-s=7533"), ProbSecurityPortMismatch, "7531"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, crlf(c.msg))
			m.Check()
			tiles(t, m)
			if c.want == nil {
				if len(m.Problems) > 0 {
					t.Fatalf("%s %q, want none", m.Problems[0].Code.ID, m.Problems[0].Span.In(m.Raw))
				}
				return
			}
			if len(m.Problems) != 1 || m.Problems[0].Code != c.want || string(m.Problems[0].Span.In(m.Raw)) != c.text {
				for _, p := range m.Problems {
					t.Errorf("%s %q", p.Code.ID, p.Span.In(m.Raw))
				}
				t.Errorf("want only %s %q", c.want.ID, c.text)
			}
		})
	}
}

func notify(state string) string {
	return request("NOTIFY sip:ue.home1.fr SIP/2.0", "NOTIFY", "Event: reg", "Contact: <sip:s.home1.fr>", state)
}

// A NOTIFY of which only the state is left is shown, with everything it lacks.
func TestBareNotify(t *testing.T) {
	m := parse(t, crlf("NOTIFY sip:[5555::1:2:3:4] SIP/2.0\nSubscription-State: terminated\n\n"))
	m.Check()
	want := codes(ProbMissingVia, ProbMissingFrom, ProbMissingTo, ProbMissingCallID, ProbMissingCSeq, ProbMissingMaxForwards, ProbMissingContact, ProbMissingEvent, ProbNoTerminationReason)
	var got []*problem.Code
	for _, p := range m.Problems {
		got = append(got, p.Code)
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems %v, want %v", ids(got), ids(want))
	}
	if s, ok := ParseSubscriptionState(m.First(HdrSubscriptionState)); !ok || !s.IsTerminated() {
		t.Error("state lost")
	}
}

// Header lines behind an empty line are joined only where the message cannot do without them.
func TestHeadersAfterBlankLine(t *testing.T) {
	m := parse(t, crlf("REGISTER sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 REGISTER\nContent-Length: 0\n\nContact: <sip:a@h>\n"))
	if len(m.Problems) != 1 || m.Problems[0].Code != ProbHeadersAfterBlankLine || m.First(HdrContact) != nil || m.Body.Len != 0 {
		t.Errorf("complete message: problems %v, contact %q, body %+v", m.Problems, m.First(HdrContact), m.Body)
	}
	m = parse(t, crlf("REGISTER sip:h SIP/2.0\nCall-ID: a\n\n\n\nCSeq: 1 REGISTER\nContent-Length: 2\n\nxy"))
	if string(m.First(HdrCSeq)) != "1 REGISTER" || string(m.Body.In(m.Raw)) != "xy" {
		t.Errorf("three empty lines: CSeq %q, body %q", m.First(HdrCSeq), m.Body.In(m.Raw))
	}
	m = parse(t, crlf("INVITE sip:h SIP/2.0\nCall-ID: a\n\nv=0\ns=x: y\n"))
	if len(m.Headers) != 1 || string(m.Body.In(m.Raw)) != "v=0\r\ns=x: y\r\n" {
		t.Errorf("SDP: headers %d, body %q", len(m.Headers), m.Body.In(m.Raw))
	}
}
