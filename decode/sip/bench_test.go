package sip

import (
	"bytes"
	"strings"
	"testing"
)

// register is a REGISTER as it crosses Gm: 20 header lines, about 1,100 bytes.
var register = crlf(`REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0
Via: SIP/2.0/UDP [2001:db8:1::7]:6000;branch=z9hG4bK8e2f0d1a7c;rport;transport=UDP
Max-Forwards: 70
Route: <sip:[2001:db8:2::1]:6060;lr>
From: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>;tag=4fa3c1
To: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>
Call-ID: 7a1d5e90c3@2001:db8:1::7
CSeq: 2 REGISTER
Contact: <sip:001010000000001@[2001:db8:1::7]:6000>;expires=600000;+sip.instance="<urn:gsma:imei:35622410-483840-0>";q=1.0
Expires: 600000
Authorization: Digest username="001010000000001@ims.mnc001.mcc001.3gppnetwork.org",realm="ims.mnc001.mcc001.3gppnetwork.org",nonce="I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=",uri="sip:ims.mnc001.mcc001.3gppnetwork.org",response="499683ebc1767877b0389cc570be01c9",algorithm=AKAv1-MD5
Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;ealg=null;prot=esp;mod=trans;spi-c=11111;spi-s=22222;port-c=6001;port-s=6000
Security-Verify: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=33333;spi-s=44444;port-c=6061;port-s=6060
Require: sec-agree
Proxy-Require: sec-agree
Supported: path, gruu
Allow: INVITE, ACK, BYE, CANCEL, NOTIFY
P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=0010100010019B01
User-Agent: phone/1.0
X-Vendor: something
Content-Length: 0

`)

// crlf gives text the line ends of the wire.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func BenchmarkParse(b *testing.B) {
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(register)))
	for b.Loop() {
		if m.Parse(register) != nil {
			b.Fatal("not SIP")
		}
	}
}

func BenchmarkParseAndCheck(b *testing.B) {
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(register)))
	for b.Loop() {
		if m.Parse(register) != nil {
			b.Fatal("not SIP")
		}
		m.Check()
	}
}

func BenchmarkIsStart(b *testing.B) {
	for name, in := range map[string][]byte{
		"REGISTER": register,
		"status":   []byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n"),
		"RTP":      append([]byte{0x80, 0x60}, bytes.Repeat([]byte{7}, 170)...),
		"HTTP":     []byte("GET /index.html HTTP/1.1\r\nHost: example.com\r\n\r\n"),
		"STUN":     {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42},
		"text":     bytes.Repeat([]byte("lorem ipsum "), 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				IsStart(in)
			}
		})
	}
}

func BenchmarkFrame(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(register)))
	for b.Loop() {
		if n, _, err := Frame(register); n != len(register) || err != nil {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkResync(b *testing.B) {
	in := append(bytes.Repeat([]byte("<contact id=\"1\" state=\"active\"/>\r\n"), 200), register...)
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if Resync(in) < 0 {
			b.Fatal("not found")
		}
	}
}

func BenchmarkTyped(b *testing.B) {
	var m Message
	if err := m.Parse(register); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Via", func() { ParseVia(m.First(HdrVia)) }},
		{"NameAddr", func() { ParseNameAddr(m.First(HdrFrom)) }},
		{"Contact", func() { ParseContact(m.First(HdrContact)) }},
		{"CSeq", func() { ParseCSeq(m.First(HdrCSeq)) }},
		{"URI", func() { ParseURI(m.RequestURI.In(m.Raw)) }},
		{"Auth", func() { ParseAuth(m.First(HdrAuthorization)) }},
		{"Security", func() { ParseSecurity(m.First(HdrSecurityClient)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
}
