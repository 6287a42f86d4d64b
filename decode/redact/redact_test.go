package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/pseudonym"
	"imscope/decode/sip"
)

func redactor(opt pseudonym.Options) *Redactor {
	return New(pseudonym.New([]byte("key"), opt))
}

const register = "REGISTER sip:home1.fr SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP [5555::1:2:3:4]:1357;comp=sigcomp;branch=z9hG4bKnashds7;received=5555::1:2:3:4\r\n" +
	"Via: SIP/2.0/TCP gateway:5060;branch=z9hG4bK10.45.0.11-5060;rport=5060, SIP/2.0/UDP 10.45.0.11;alias=10.45.0.11~5060~1\r\n" +
	"Max-Forwards: 70\r\n" +
	"P-Access-Network-Info: 3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=262010001019B01;network-provided\r\n" +
	"From: \"Tobias Müller\" <sip:tobias@home1.fr>;tag=4fa3-tobias\r\n" +
	"To: Tobias <sip:%74obias@HOME1.fr;user=phone>\r\n" +
	"Contact: <sip:tobias@[5555:1:2:3:4]:1357;comp=sigcomp>;expires=600000;+sip.instance=\"<urn:gsma:imei:35209900-176148-1>\";q=0.5\r\n" +
	"Call-ID: apb03a0s09dkjdfglkj49111-tobias@10.45.0.11\r\n" +
	"CSeq: 123456789 REGISTER\r\n" +
	"Authorization: Digest username=\"262011234567890@ims.mnc001.mcc262.3gppnetwork.org\", realm=\"home1.fr\", " +
	"nonce=\"MDEyMzQ1Njc4OWFiY2RlZkZFRENCQTk4NzY1NDMyMTA=\", uri=\"sip:home1.fr\", response=\"6629fae49393a05397450978507c4ef1\", " +
	"auts=\"QUJDREVGR0hJSktMTU4=\", ck=\"30313233343536373839616263646566\", algorithm=AKAv1-MD5, integrity-protected=yes\r\n" +
	"Security-Client: ipsec-3gpp; alg=hmac-sha-1-96; spi-c=23456789; spi-s=12345678; port-c=2468; port-s=1357\r\n" +
	"P-Asserted-Identity: <tel:+44-123-456-789>, <sip:+44123456789;phone-context=home1.fr@home1.fr;user=phone>\r\n" +
	"Route: <sip:term@pcscf1.home1.fr;lr;a=7369703a746f6269617340686f6d65312e6672>, <sip:[5555::B99:c88:d77:e66];lr>\r\n" +
	"P-Visited-Network-ID: \"Visited Network Number 1\", other.visited1.de\r\n" +
	"P-Charging-Vector: icid-value=\"AyretyU0dm+6O2IrT5tAFrbHLso=023551024\";icid-generated-at=10.45.0.11;orig-ioi=operator\r\n" +
	"Reason: SIP;cause=480;text=\"user tobias (262011234567890, 123456789) at 10.45.0.11 not found\"\r\n" +
	"Warning: 301 gateway \"0a2d000b and 44.123.456.789\"\r\n" +
	"X-Encoded: dG9iaWFzQGhvbWUxLmZy, c2lwOnRvYmlhc0Bob21lMS5mcg==;tobias=1;x=746F62696173@home1.fr\r\n" +
	"History-Info: <sip:%2B44123456789%40home1.fr@proxy.home1.fr?Reason=SIP%3Bcause%3D302&From=%3Csip%3Atobias%40home1.fr%3E>;index=1\r\n" +
	"X-Number: 0044123456789 and +44 123 456 789\r\n" +
	"User-Agent: Phone/5.6.3.1 (IMEI 352099001761481; 10.45.0.11)\r\n" +
	"Supported: path, gruu\r\n" +
	"Content-Length: 0\r\n" +
	"\r\n"

// originals are what must not be left of register, in lower case.
var originals = []string{
	"tobias", "74obias", "müller", "home1", "5555", "1:2:3:4", "gateway", "10.45.0.11", "10001019b01", "176148", "35209900",
	"262011234567890", "mdeymzq1njc4", "6629fae4", "qujdrevg", "3031323334", "456-789", "44123456789", ", 123456789", "746f62696173", "b99", "visited1.de",
	"visited network", "operator", "0a2d000b", "123 456", "352099001761481", "dg9iawfz", "b2jpyxm", "obwuxlmz", "tobias=1",
}

func TestSIP(t *testing.T) {
	r := redactor(pseudonym.Options{})
	b := []byte(register)
	r.SIP(b)
	got := string(b)
	if len(got) != len(register) {
		t.Fatalf("%d bytes became %d", len(register), len(got))
	}
	low := strings.ToLower(got)
	for _, s := range originals {
		if strings.Contains(low, s) {
			t.Errorf("%q is left in\n%s", s, got)
		}
	}
	for _, s := range []string{
		"REGISTER sip:", ";comp=sigcomp;branch=z9hG4bKnashds7;received=", "SIP/2.0/TCP ", ":5060;branch=z9hG4bK10.", "Max-Forwards: 70\r\n",
		"3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=26201", ";network-provided\r\n", ";expires=600000;+sip.instance=\"<urn:gsma:imei:", ";tag=4fa3-",
		"apb03a0s09dkjdfglkj49111-", "CSeq: 123456789 REGISTER\r\n", "Digest username=\"26201", "@ims.mnc001.mcc262.3gppnetwork.org\"", "algorithm=AKAv1-MD5, integrity-protected=yes",
		"spi-c=23456789; spi-s=12345678; port-c=2468; port-s=1357", "<sip:term@pcscf1.", "AyretyU0dm+6O2IrT5tAFrbHLso=023551024", "cause=480;text=\"user ",
		" not found\"", "User-Agent: Phone/5.6.3.1 (IMEI ", "Supported: path, gruu\r\n", ";user=phone>",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("%q is gone from\n%s", s, got)
		}
	}
	// What was the same is the same: the IMSI in the credentials and in the reason, the address in its forms, RAND
	// in the nonce and in the key made of the same bytes.
	var m sip.Message
	if err := m.Parse(b); err != nil {
		t.Fatal(err)
	}
	a, _ := sip.ParseAuth(m.First(sip.HdrAuthorization))
	imsi, _, _ := strings.Cut(string(a.Username), "@")
	if reason := string(m.First(sip.HdrReason)); !strings.Contains(reason, imsi) {
		t.Errorf("IMSI %s, reason %s", imsi, reason)
	}
	addr := r.Book.Addr(netip.MustParseAddr("10.45.0.11"))
	if n := strings.Count(got, addr.String()); n != 7 {
		t.Errorf("%s stands %d times, want 7, in\n%s", addr, n, got)
	}
	if s := hex.EncodeToString(addr.AsSlice()); !strings.Contains(got, s) {
		t.Errorf("%s is missing in hexadecimal", s)
	}
	nonce, err := base64.StdEncoding.DecodeString(string(a.Nonce))
	if err != nil || hex.EncodeToString(nonce[:16]) != string(a.CK) {
		t.Errorf("nonce %s, ck %s", a.Nonce, a.CK)
	}
	ua := "[" + r.Book.Addr(netip.MustParseAddr("5555::1:2:3:4")).String() + "]"
	if !strings.Contains(got, ua) || !strings.Contains(got, strings.Replace(ua, "::", ":", 1)) {
		t.Errorf("%s is missing in\n%s", ua, got)
	}
	// As the number that it is, without "+", with a prefix, without country code.
	p := []byte("44123456789")
	r.Book.Number(p)
	for _, s := range []string{"tel:+" + string(p[:2]) + "-" + string(p[2:5]) + "-", "sip:+" + string(p) + ";phone-context=", "00" + string(p), ", " + string(p[2:]) + ")"} {
		if !strings.Contains(got, s) {
			t.Errorf("%s is missing in\n%s", s, got)
		}
	}
}

func TestSIPAgainIsTheSame(t *testing.T) {
	one, two := []byte(register), []byte(register)
	redactor(pseudonym.Options{}).SIP(one)
	r := redactor(pseudonym.Options{})
	var m sip.Message
	if err := m.Parse(two); err != nil {
		t.Fatal(err)
	}
	rec := &decode.Record{SIP: &m, Src: netip.MustParseAddrPort("10.45.0.11:5060"), Dst: netip.MustParseAddrPort("[5555::1]:5060")}
	got := r.Record(rec)
	if string(got.SIP.Raw) != string(one) || string(m.Raw) != register {
		t.Errorf("record became\n%s\nwant\n%s", got.SIP.Raw, one)
	}
	if got.Src.Addr() != r.Book.Addr(rec.Src.Addr()) || got.Src.Port() != 5060 || got.Dst == rec.Dst {
		t.Errorf("endpoints %s %s", got.Src, got.Dst)
	}
	if string(got.SIP.First(sip.HdrCSeq)) != "123456789 REGISTER" {
		t.Errorf("CSeq %q", got.SIP.First(sip.HdrCSeq))
	}
}

func TestKeepAndHide(t *testing.T) {
	keep := redactor(pseudonym.Options{KeepHosts: true})
	b := []byte(register)
	keep.SIP(b)
	if !bytes.Contains(b, []byte("@home1.fr>")) || !bytes.Contains(b, []byte("pcscf1.home1.fr")) || bytes.Contains(b, []byte("10.45.0.11")) {
		t.Errorf("with hosts kept\n%s", b)
	}
	hide := redactor(pseudonym.Options{HidePLMN: true})
	b = []byte(register)
	hide.SIP(b)
	if bytes.Contains(b, []byte("mcc262")) || bytes.Contains(b, []byte("26201")) {
		t.Errorf("with the PLMN hidden\n%s", b)
	}
}

func body(t *testing.T, r *Redactor, kind, body string) string {
	t.Helper()
	b := []byte(body)
	r.part(sip.Part{Type: []byte(kind), Body: b}, 0)
	if len(b) != len(body) {
		t.Fatalf("%d bytes became %d", len(body), len(b))
	}
	return string(b)
}

func TestBodies(t *testing.T) {
	r := redactor(pseudonym.Options{})
	r.SIP([]byte(register))
	for _, c := range []struct {
		name, kind, body string
		gone, left       []string
	}{
		{"reginfo", "application/reginfo+xml", `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" version="3" state="partial">
 <registration aor="sip:tobias@home1.fr" id="a1" state="active">
  <contact id="15" state="terminated" event="unregistered" callid="apb03a0s09dkjdfglkj49111-tobias@10.45.0.11" duration-registered="600000000">
   <uri>sip:[5555::1:2:3:4]:1357;comp=sigcomp</uri><display-name>Tobias &amp; Co</display-name>
   <unknown-param name="+sip.instance">"&lt;urn:gsma:imei:35209900-176148-1&gt;"</unknown-param>
   <uri>sip:&#116;obi&#x61;s@h&#111;me1.fr</uri>
  </contact></registration></reginfo>`,
			[]string{"tobias", "home1.fr", "5555", "176148", "&#116;", "&#111;", ">Tobias", "10.45.0.11"},
			[]string{`version="3" state="partial"`, `id="a1" state="active"`, `id="15" state="terminated" event="unregistered" callid="apb03a0s09dkjdfglkj49111-`,
				`duration-registered="600000000"`, "http://www.w3.org/2001", "urn:ietf:params:xml:ns:reginfo", "&amp; ", "&lt;urn:gsma:imei:", ":1357;comp=sigcomp</uri>", "<display-name>"}},
		{"damaged", "application/reginfo+xml", `<reginfo version="3" state="partial"><registration sorn="sip:tobias@home1.fr" id="a1 state="active"><contact id="15"><uri>sip:[5555:1:2:3:4]`,
			[]string{"tobias", "home1", "5555:1:2:3:4"}, []string{`sorn="sip:`, `id="a1 state="active">`, `<contact id="15">`}},
		{"profile", "application/3gpp-ims+xml", `<IMSSubscription><PrivateID>user1_private</PrivateID><ServiceProfile><PublicIdentity><Identity>tel:+44123456789</Identity>
<BarringIndication>0</BarringIndication></PublicIdentity><InitialFilterCriteria><Priority>1</Priority><SPT><Method>REGISTER</Method></SPT><ServerName>sip:as7.home1.fr:5070</ServerName></InitialFilterCriteria>`,
			[]string{"user1", "44123456789", "home1"}, []string{"<Priority>1<", "<Method>REGISTER<", ":5070<", "sip:as7."}},
		{"pidf", "application/pidf+xml", `<?xml version="1.0"?><presence entity="pres:tobias@home1.fr"><tuple id="t1"><status><basic>open</basic></status><contact>sip:tobias@10.45.0.11</contact></tuple><note>At home</note><civicAddress><A6>Main Street</A6></civicAddress></presence>`,
			[]string{"tobias", "home1", "Main Street", "At home", "10.45"}, []string{"<basic>open<", `id="t1"`}},
		{"sdp", "application/sdp", "v=0\r\no=tobias 2890844526 2890842807 IN IP4 10.45.0.11\r\ns=Call\r\nc=IN IP6 5555::1:2:3:4\r\nt=0 0\r\nm=audio 3456 RTP/AVP 97 96\r\na=rtpmap:97 AMR\r\n" +
			"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20\r\na=candidate:1 1 UDP 2130706431 10.45.0.11 8998 typ host\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n",
			[]string{"tobias", "10.45.0.11", "5555", "d0RmdmcmVCspe", "asd88fgpdd"},
			[]string{" 2890844526 2890842807 IN IP4 10.", "m=audio 3456 RTP/AVP 97 96\r\na=rtpmap:97 AMR", "|2^20", "2130706431"}},
		{"chat", "text/plain", "I am at the station, call 0170 1234567", []string{"station", "1234567"}, nil},
		{"sms", "application/vnd.3gpp.sms", "\x00\x01\x00\x07\x91\x44\x21\x43\x65\x87\xf9", []string{"\x91\x44\x21"}, nil},
		{"several", "multipart/mixed;boundary=x", "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 10.45.0.11\r\n--x--", []string{"10.45.0.11"}, []string{"--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1"}},
		{"fragment", "message/sipfrag", "SIP/2.0 200 OK\r\nTo: \"Tobias\" <sip:tobias@home1.fr>\r\n", []string{"obias", "home1"}, []string{"SIP/2.0 200 OK\r\nTo: \""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := body(t, r, c.kind, c.body)
			for _, s := range c.gone {
				if strings.Contains(got, s) {
					t.Errorf("%q is left in\n%s", s, got)
				}
			}
			for _, s := range c.left {
				if !strings.Contains(got, s) {
					t.Errorf("%q is gone from\n%s", s, got)
				}
			}
		})
	}
}

func TestDiameter(t *testing.T) {
	challenge := []byte("\x81" + "123456789abcdefFEDCBA9876543210")
	b := diameter.NewAnswer(303, diameter.AppCx, 7, 8)
	b.String(diameter.AVPSessionID, 0, 0x40, "scscf1.home1.fr;17;tobias")
	b.String(diameter.AVPOriginHost, 0, 0x40, "hss1.home1.fr")
	b.Bytes(257, 0, 0x40, []byte{0, 1, 10, 45, 0, 11})
	b.U32(diameter.AVPResultCode, 0, 0x40, 2001)
	b.String(269, 0, 0, "product tobias")
	b.String(diameter.AVPUserName, 0, 0x40, "user1_private@home1.fr")
	b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0x40, "sip:tobias@home1.fr")
	b.Group(diameter.AVPSIPAuthDataItem, diameter.Vendor3GPP, 0x40, func(g *diameter.Builder) {
		g.String(diameter.AVPSIPAuthenticationScheme, diameter.Vendor3GPP, 0x40, "Digest-AKAv1-MD5")
		g.Bytes(diameter.AVPSIPAuthenticate, diameter.Vendor3GPP, 0x40, challenge)
		g.Bytes(diameter.AVPIntegrityKey, diameter.Vendor3GPP, 0x40, challenge[:16])
	})
	b.Bytes(701, diameter.Vendor3GPP, 0, []byte{0x44, 0x21, 0x43, 0x65, 0x87, 0xf9})
	b.Bytes(9999, 1, 0, []byte{1, 2, 3, 0xff, 5, 6, 7})
	b.String(9998, 1, 0, "about tobias at 10.45.0.11")
	raw := b.Message()
	before := bytes.Clone(raw)
	r := redactor(pseudonym.Options{})
	r.Diameter(bytes.Clone(raw)) // whose User-Name names somebody in the Session-Id
	r.Diameter(raw)
	for _, s := range []string{"home1", "sip:tobias@", "17;tobias", "user1", "\x0a\x2d\x00\x0b", "23456789abcdef", "FEDCBA", "\x44\x21\x43", "\x02\x03\xff\x05", "10.45.0.11", "about tobias"} {
		if bytes.Contains(raw, []byte(s)) {
			t.Errorf("%q is left in %q", s, raw)
		}
	}
	for _, s := range []string{"Digest-AKAv1-MD5", "product tobias", "scscf1.", "hss1.", "about "} {
		if !bytes.Contains(raw, []byte(s)) {
			t.Errorf("%q is gone from %q", s, raw)
		}
	}
	var m, was diameter.Message
	if err := m.Parse(raw); err != nil || was.Parse(before) != nil || len(m.Problems) != len(was.Problems) {
		t.Fatal(err, m.Problems)
	}
	var cx diameter.Cx
	cx.Parse(&m)
	if cx.ResultCode != 2001 || len(cx.Authenticate) != 32 {
		t.Errorf("%+v", cx)
	}
	// The challenge is that of the nonce (TS 29.229 6.3.10, RFC 3310 3.2).
	nonce := []byte(base64.StdEncoding.EncodeToString(challenge))
	r.Book.SecretText(nonce)
	if got := base64.StdEncoding.EncodeToString(cx.Authenticate); got != string(nonce) {
		t.Errorf("challenge %s, nonce %s", got, nonce)
	}
	number := []byte("44123456789")
	r.Book.Number(number)
	if want := []byte{number[1]<<4 | number[0]&15}; !bytes.Contains(raw, []byte{0, 0, 0x28, 0xaf, want[0]}) {
		t.Errorf("MSISDN is not %s in %q", number, raw)
	}
}

func TestText(t *testing.T) {
	r := redactor(pseudonym.Options{})
	r.SIP([]byte(register))
	for _, s := range []string{"trace-tobias.pcap", "cell 10.45.0.11.pcap", "imsi262011234567890.pcap", "+44123456789"} {
		if got := r.String(s); got == s || len(got) != len(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
	for _, s := range []string{"capture.pcap", "trace-2026-03-02.pcapng", "2026-03-02 08:00:00.123456"} {
		if got := r.String(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	if got, want := r.Identity("tobias"), strings.Split(strings.TrimPrefix(r.String("sip:tobias@home1.fr"), "sip:"), "@")[0]; got != want {
		t.Errorf("identity %s, in a URI %s", got, want)
	}
}
