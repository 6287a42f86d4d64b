package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"imscope/decode/diameter"
	"imscope/decode/pseudonym"
)

// subscriber is the beginning of a registration that names a user in many places.
const subscriber = "REGISTER sip:home1.net SIP/2.0\r\n" +
	"Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n" +
	"From: <sip:alice@home1.net>;tag=t\r\n" +
	"To: <sip:alice@home1.net>\r\n" +
	"Call-ID: 1\r\n" +
	"CSeq: 1 REGISTER\r\n" +
	"Contact: <sip:alice@10.0.0.1:5060>;+sip.instance=\"<urn:gsma:imei:35209900-176148-0>\"\r\n" +
	"Contact: <sip:jana@10.0.0.1:5060>;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-001565a1b2c3>\"\r\n" +
	"P-Associated-URI: \"Erika Mustermann\" <sip:alice@home1.net>, <tel:+491711234567>, <sip:max@home1.net>, <sip:reg@home1.net>, <sip:stan@home1.net>\r\n" +
	"P-Charging-Vector: icid-value=1;orig-ioi=pcscf1.home1.net;term-ioi=operator-bonn.example\r\n" +
	"Authorization: Digest username=\"262011234567890@ims.mnc001.mcc262.3gppnetwork.org\", realm=\"home1.net\", nonce=\"n\", uri=\"sip:home1.net\", response=\"\"\r\n"

// taught is a redactor that knows the user.
func taught(t *testing.T) *Redactor {
	t.Helper()
	r := redactor(pseudonym.Options{})
	r.SIP([]byte(subscriber + "\r\n"))
	return r
}

// put gives what becomes of a word where names stand.
func (r *Redactor) put(s string) string { return r.Identity(s) }

func check(t *testing.T, got, was string, gone, left []string) {
	t.Helper()
	if len(got) != len(was) {
		t.Errorf("%d bytes became %d", len(was), len(got))
	}
	for _, s := range gone {
		if strings.Contains(strings.ToLower(got), strings.ToLower(s)) {
			t.Errorf("%q is left in\n%s", s, got)
		}
	}
	for _, s := range left {
		if !strings.Contains(got, s) {
			t.Errorf("%q is gone from\n%s", s, got)
		}
	}
}

// Header fields, each in a message of its own to a redactor that knows the user.
func TestHeaderLeaks(t *testing.T) {
	r := taught(t)
	for _, c := range []struct {
		name, line string
		gone, left []string
	}{
		{"display name in a reason", `Reason: SIP;cause=480;text="Erika Mustermann has moved"`, []string{"erika", "muster"}, []string{`SIP;cause=480;text="`, " has moved\"", r.put("Erika")}},
		{"stranger in a reason", `Reason: SIP;cause=480;text="Kreszentia Huber, Konto 4711, moved"`, []string{"kresz", "huber", "konto", "4711"}, []string{`cause=480;text="`, `, moved"`}},
		{"words of servers", `Reason: Q.850;cause=16;text="Normal call clearing"`, nil, []string{`Q.850;cause=16;text="Normal call clearing"`}},
		{"warning", `Warning: 399 pcscf1.home1.net "Kreszentia not registered"`, []string{"kresz", "home1"}, []string{"399 pcscf1.", ` not registered"`}},
		{"retry", `Retry-After: 18000;duration=3600 (Kreszentia in a meeting)`, []string{"kresz"}, []string{"18000;duration=3600 ("}},
		{"unknown header field", "X-Customer: Kreszentia Huber 47110815; class=gold", []string{"kresz", "huber", "4711", "gold"}, []string{"X-Customer: "}},
		{"letters outside ASCII", "X-Customer: Bärbel Müßig", []string{"bärbel", "b\u00e4", "rbel", "m\u00fc", "ig"}, nil},
		{"short name", "Call-ID: max-77", []string{"max"}, []string{r.put("max") + "-77"}},
		{"short name between digits", "Call-ID: 7max20260101", []string{"max"}, []string{"7" + r.put("max") + "20260101"}},
		{"name with digits behind", "Call-ID: jana20260101-77", []string{"jana"}, []string{r.put("jana") + "20260101-77"}},
		{"name within a word", "Call-ID: janaphone-1", []string{"jana"}, []string{r.put("jana") + "phone-1"}},
		{"called like a protocol", "Call-ID: reg-1;instance", nil, []string{"reg-1;instance"}},
		{"tag", "X: 1\r\nFrom: <sip:a@b>;tag=kl49jana", []string{"jana"}, []string{"tag=kl49"}},
		{"host before a suffix", `P-Charging-Vector: icid-value="pcscf1.home1.net-1450-33"`, []string{"home1"}, []string{`icid-value="pcscf1.`, `.net-1450-33"`}},
		{"host below a known one", `P-Charging-Vector: icid-value="sbcedge7.operator-bonn.example-1450-33"`, []string{"bonn", "sbcedge"}, []string{`.example-1450-33"`}},
		{"trunk", `P-Asserted-Identity: <sip:+491711234567@home1.net;user=phone;tgrp=trunkbonn5;trunk-context=peering.carrier-x.example>`, []string{"bonn", "peering", "carrier"}, []string{";user=phone;tgrp=", ";trunk-context="}},
		{"hardware address in a product", "User-Agent: Yealink SIP-T46S 66.84.0.15 001565a1b2c3", []string{"001565a1b2c3"}, []string{"Yealink SIP-T46S 66.84.0.15 "}},
		{"hardware address that nobody knows", "User-Agent: Phone/1.0 a01b2c3d4e5f 00:11:22:aa:bb:cc 00-11-22-aa-bb-cc", []string{"a01b2c3d4e5f", "11:22", "11-22"}, []string{"Phone/1.0 "}},
		{"IMEI in a product", "User-Agent: Phone/1.0 IMEI 35209900176148 SN 352099001761480", []string{"35209900", "176148"}, []string{"Phone/1.0 IMEI "}},
		{"IMEI that nobody knows", "User-Agent: Phone/1.0 49015420323751 build 20260115", []string{"490154"}, []string{"Phone/1.0 ", " build 20260115"}},
		{"host of a product", "User-Agent: gw.home1.net/2.0", []string{"home1"}, []string{"/2.0"}},
		{"location", "Geolocation: <geo:48.2010771,16.3695533;u=20>", []string{"48.20", "16.36", "5533"}, []string{"<geo:", ";u=20>"}},
		{"place of an operator", `P-Access-Network-Info: 3GPP-NR;operator-specific-GI="Gartenstrasse 17";UE-local-IP-address="172.20.33.44";country=DE;network-provided`, []string{"garten", "172.20.33.44"}, []string{"3GPP-NR;operator-specific-GI=\"", ";country=DE;network-provided"}},
		{"description", `Contact: <sip:alice@10.0.0.1>;description="Erikas Handy";+g.3gpp.smsip;q=0.5`, []string{"erika", "handy"}, []string{";+g.3gpp.smsip;q=0.5"}},
		{"features", `Contact: <sip:alice@10.0.0.1>;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";+sip.instance="<urn:uuid:1>";reg-id=1;audio`, nil, []string{`;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";+sip.instance="<urn:uuid:`, `>";reg-id=1;audio`}},
		{"path of a URL", "Call-Info: <http://portal.home1.net/pics/kreszentia.jpg>;purpose=icon", []string{"kresz", "home1"}, []string{"<http://", ">;purpose=icon"}},
		{"name of a file", "Content-Disposition: attachment;filename=\"Kreszentia.jpg\"", []string{"kresz"}, []string{"attachment;filename=\""}},
		{"no URI", "P-Preferred-Identity: Mailbox Zauberberg", []string{"mailbox", "zauber"}, nil},
		{"base64", "Call-ID: NDkxNzExMjM0NTY3", []string{"NDkxNzExMjM0NTY3"}, []string{b64(r, "491711234567")}},
		{"base64 of a name", "Call-ID: YWxpY2U=", []string{"YWxpY2U"}, []string{b64(r, "alice")}},
		{"base64 of more", "X-A: TXVzdGVybWFubiBHYXJ0ZW5zdHJhc3Nl", []string{"HYXJ0ZW5zdHJhc3Nl"}, []string{"X-A: "}},
		{"hexadecimal", "Call-ID: 616c696365", []string{"616c696365"}, []string{hex.EncodeToString([]byte(r.put("alice")))}},
		{"IMSI in hexadecimal", "Call-ID: 323632303131323334353637383930", []string{"3635363738"}, []string{hex.EncodeToString([]byte(r.put("262011234567890")))}},
		{"semi-octets", "Call-ID: 947111325476", []string{"947111325476"}, []string{swapped(r.put("491711234567"))}},
		{"semi-octets with a filler", "Call-ID: 62021132547698F0", []string{"62021132547698"}, []string{"0"}},
		{"national number glued", "Call-ID: z9x01711234567", []string{"1711234567"}, []string{"z9x0"}},
		{"nothing", "Call-ID: 8f3a9b2c@a.b;x=77", nil, []string{"8f3a9b2c@"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			was := subscriber + c.line + "\r\n\r\n"
			b := []byte(was)
			r.SIP(b)
			_, after, _ := strings.Cut(string(b), "response=\"\"\r\n")
			check(t, after, c.line+"\r\n\r\n", c.gone, c.left)
		})
	}
}

func b64(r *Redactor, s string) string {
	return base64.RawStdEncoding.EncodeToString([]byte(r.put(s)))
}

func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// The same device is the same in every spelling.
func TestDevices(t *testing.T) {
	r := taught(t)
	imei := strings.TrimPrefix(r.String("urn:gsma:imei:35209900-176148-0"), "urn:gsma:imei:")
	digits := strings.ReplaceAll(imei, "-", "")
	for was, want := range map[string]string{
		"352099001761480": digits, "35209900176148": digits[:14], "3520990017614801": digits[:14] + "01", "35-209900-176148-0": digits[:2] + "-" + digits[2:8] + "-" + digits[8:14] + "-" + digits[14:],
	} {
		if got := r.String(was); got != want {
			t.Errorf("%s became %s, want %s", was, got, want)
		}
	}
	uuid := r.String("urn:uuid:00000000-0000-1000-8000-001565a1b2c3")
	mac := []byte{0x00, 0x15, 0x65, 0xa1, 0xb2, 0xc3}
	r.MAC(mac)
	if got := uuid[len(uuid)-12:]; got == "001565a1b2c3" || got != r.String("001565a1b2c3") || got != hex.EncodeToString(mac) {
		t.Errorf("%s in %s, alone %s, in binary %x", got, uuid, r.String("001565a1b2c3"), mac)
	}
}

func TestBodyLeaks(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		gone, left       []string
	}{
		{"chat among parts", "multipart/mixed;boundary=bb", "Vorwort von Kreszentia\r\n--bb\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n--bb\r\nContent-Type: message/cpim\r\n\r\nFrom: Zauberer <im:merlin@camelot.example>\r\nSubject: Operation\r\n\r\nContent-Type: text/plain\r\n\r\nHerzinfarkt not found\r\n--bb\r\nContent-Type: text/plain\r\nContent-Description: Sesam\r\n\r\nunknown user Sesam\r\n--bb--\r\nNachwort\r\n",
			[]string{"kresz", "herz", "sesam", "nachwort", "zauber", "merlin", "camelot", "operation", "not found", "unknown"}, []string{"--bb\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 ", "\r\n--bb\r\nContent-Type: message/cpim\r\n\r\nFrom: ", "\r\n--bb--\r\n"}},
		{"encoded part", "multipart/mixed;boundary=bb", "--bb\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVyemluZmFya3Q=\r\n--bb--", []string{"SGVye"}, []string{"--bb--"}},
		{"parts in parts", "multipart/mixed;boundary=o", "--o\r\nContent-Type: multipart/related;boundary=i\r\n\r\n--i\r\nContent-Type: application/reginfo+xml\r\n\r\n<reginfo version=\"1\"><registration aor=\"sip:alice@home1.net\" id=\"a\" state=\"active\"/></reginfo>\r\n--i--\r\n--o--",
			[]string{"alice", "home1"}, []string{`<reginfo version="1"><registration aor="sip:`, `" id="a" state="active"/></reginfo>`}},
		{"mailbox", "application/simple-message-summary", "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 1/0 (0/0)\r\n\r\nFrom: Mailbox Zauberberg\r\nSubject: Kuendigung Zauberlehrling\r\n",
			[]string{"alice", "zauber", "kuendigung", "vmail"}, []string{"Messages-Waiting: yes\r\nMessage-Account: sip:", "Voice-Message: 1/0 (0/0)\r\n\r\nFrom: "}},
		{"JSON", "application/json", `{"subscriber":"Mustermann","msisdn":"+491711234567","imsi":"262011234567890","city":"Oberammergau"}`, []string{"muster", "1711234567", "1234567890", "ober"}, []string{`{"subscriber":"`, `"msisdn":"+`, `"imsi":"26201`}},
		{"form", "application/x-www-form-urlencoded", "name=Kreszentia&state=Bayern&city=Garmisch+Partenkirchen", []string{"kresz", "bayern", "garm", "parten"}, []string{"="}},
		{"attributes", "application/vnd.x+xml", `<?xml version="1.0" encoding="ISO-8859-1"?><a><x name="Nymphenburg" state="Bayern &amp; Co" version="Kreszentia"/></a>`, []string{"nymph", "bayern", "kresz"}, []string{`<?xml version="1.0" encoding="ISO-8859-1"?><a><x name="`, "&amp;", `"/></a>`}},
		{"sections", "application/reginfo+xml", `<reginfo><registration aor="sip:a@b" state="active"><contact><display-name><![CDATA[Liddell]]></display-name><!-- Kreszentia --><note><![CDATA[unknown <b>place</b>]]></note><x>Goldkunde</x></contact></registration></reginfo>`,
			[]string{"liddell", "kresz", "place", "unknown", "goldkunde"}, []string{`state="active"><contact><display-name><![CDATA[`, "]]></display-name><!-- ", "]]></note>"}},
		{"parameters of a contact", "application/reginfo+xml", `<reginfo><unknown-param name="+sip.instance">"&lt;urn:uuid:1>"</unknown-param><unknown-param name="expires">"600000"</unknown-param><unknown-param name="description">"Kreszentias"</unknown-param></reginfo>`,
			[]string{"kresz"}, []string{`name="+sip.instance">"&lt;urn:uuid:`, `name="expires">"600000"<`}},
		{"profile", "application/3gpp-ims+xml", `<IMSSubscription><ServiceInfo>tariff=Goldkunde</ServiceInfo><Priority>10</Priority></IMSSubscription>`, []string{"gold"}, []string{"<Priority>10<"}},
		{"session", "application/sdp", "v=0\r\no=kreszentia 1 1 IN IP4 mediagw.knoten.example\r\ns=Anruf\r\nc=IN IP4 mediagw.knoten.example/127\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 96\r\na=rtcp:4001 IN IP4 rtcpgw.knoten.example\r\n" +
			"a=candidate:1 1 UDP 2130706431 cand.knoten.example 8998 typ srflx raddr inner.knoten.example rport 9\r\na=path:msrp://rcs.geheim.example:9/xyz7;tcp\r\na=x-caller:Huber\r\na=rtpmap:96 AMR/8000\r\na=sendrecv\r\nkein SDP von Kreszentia\r\n",
			[]string{"kresz", "knoten", "anruf", "cand.", "inner.", "rtcpgw", "mediagw", "geheim", "huber", "xyz7"},
			[]string{" 1 1 IN IP4 ", "/127\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 96\r\na=rtcp:4001 IN IP4 ", "a=candidate:1 1 UDP 2130706431 ", " 8998 typ srflx raddr ", " rport 9\r\na=path:msrp://", ":9/", ";tcp\r\n", "a=rtpmap:96 AMR/8000\r\na=sendrecv\r\n"}},
		{"unknown text", "application/x", "Kreszentia wohnt hier", []string{"kresz", "wohnt"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, body(t, taught(t), c.kind, c.body), c.body, c.gone, c.left) })
	}
}

// A body that is packed cannot be read, so nobody shall.
func TestEncodedBody(t *testing.T) {
	b := []byte(subscriber + "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nMeeting")
	taught(t).SIP(b)
	if !bytes.HasSuffix(b, make([]byte, 7)) {
		t.Errorf("%q", b)
	}
}

// Identifiers stay unique, and do not depend on who is known: a watcher's documents are read before and after.
func TestIdentifiers(t *testing.T) {
	before, after := redactor(pseudonym.Options{}), taught(t)
	seen := map[string]string{}
	for _, c := range []struct {
		id   string
		stay bool
	}{
		{"491711234567", false}, {"491711234568", false}, {"x+491711234567", false}, {"r711234567", false}, {"alice-reg", false}, {"alicf-reg", false}, {"max", false},
		{"1", true}, {"15", true}, {"a1", true}, {"c2", true}, {"600", true}, {"0x7f3aac7aaca8", true},
	} {
		doc := `<reginfo><registration id="` + c.id + `"/></reginfo>`
		one, two := body(t, before, "application/reginfo+xml", doc), body(t, after, "application/reginfo+xml", doc)
		if one != two || (one == doc) != c.stay || seen[one] != "" {
			t.Errorf("id %s became %s and %s, seen of %q", c.id, one, two, seen[one])
		}
		seen[one] = c.id
	}
	doc := body(t, after, "application/reginfo+xml", `<reginfo><registration id="x+491711234567"/></reginfo>`)
	if !strings.Contains(doc, `"x+`+after.put("491711234567")+`"`) {
		t.Errorf("%s is not the number", doc)
	}
}

// What AVPs of other vendors hold is text, a number or an address as often as anything else.
func TestDiameterLeaks(t *testing.T) {
	r := taught(t)
	b := diameter.NewRequest(301, diameter.AppCx, 1, 2)
	b.Bytes(8, 0, 0x40, []byte{192, 0, 2, 77})
	b.String(500, 13019, 0, "LEOS")
	b.String(9001, 193, 0, "Tobias.M")
	b.String(9002, 193, 0, "01719876")
	b.String(9003, 193, 0, "Leopoldstrasse unknown")
	b.String(281, 0, 0, "subscriber Kreszentia unknown")
	b.Bytes(9004, 193, 0, []byte{0x62, 0x02, 0x11, 0x32, 0x54, 0x76, 0x98, 0xf0}) // 262011234567890
	b.Bytes(9005, 193, 0, []byte{0, 0, 0x13, 0x89})
	b.Bytes(9006, 193, 0, []byte{0xe9, 0, 0, 1, 0, 0, 0, 7})
	raw := b.Message()
	was := bytes.Clone(raw)
	r.Diameter(raw)
	check(t, string(raw), string(was), []string{"\xc0\x00\x02\x4d", "LEOS", "Tobias", "01719876", "Leopold", "Kresz", "\x11\x32\x54\x76"},
		[]string{"subscriber ", " unknown", "\x00\x00\x13\x89", "\xe9\x00\x00\x01\x00\x00\x00\x07"})
	imsi, _ := hex.DecodeString(swapped(r.put("262011234567890") + "f"))
	if !bytes.Contains(raw, imsi) {
		t.Errorf("%x is missing in %x", imsi, raw)
	}
}

func TestLabel(t *testing.T) {
	r := redactor(pseudonym.Options{})
	if got := r.Label("eth-bonn0"); !strings.HasPrefix(got, "eth-") || strings.Contains(got, "bonn") {
		t.Error(got)
	}
	for _, s := range []string{"eth0", "any", "wlan0", "lo", ""} {
		if got := r.Label(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// A boundary that holds an address or a name still stands between the parts.
func TestBoundaryOfNames(t *testing.T) {
	for _, boundary := range []string{"b_10.0.0.1_x", "=_alice@home1.net_1"} {
		const doc = `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><registration aor="sip:alice@home1.net" id="r" state="active"/></reginfo>`
		body := "--" + boundary + "\r\nContent-Type: application/reginfo+xml\r\n\r\n" + doc + "\r\n--" + boundary + "--\r\n"
		raw := []byte("NOTIFY sip:alice@10.0.0.1 SIP/2.0\r\nCall-ID: 2\r\nCSeq: 1 NOTIFY\r\nContent-Type: multipart/mixed;boundary=\"" + boundary + "\"\r\n\r\n" + body)
		was := string(raw)
		taught(t).SIP(raw)
		check(t, string(raw), was, []string{"alice", "home1.net", "10.0.0.1"}, []string{"<registration aor=", " state=\"active\"/></reginfo>"})
		_, rest, _ := strings.Cut(string(raw), "boundary=\"")
		now, _, _ := strings.Cut(rest, "\"")
		if strings.Count(string(raw), "--"+now) != 2 {
			t.Errorf("boundary %q became %q, and the delimiters something else in\n%s", boundary, now, raw)
		}
	}
}

// A number at the beginning of an SDP origin is somebody's.
func TestOriginNumber(t *testing.T) {
	body := "v=0\r\no=- 491711234567 1 IN IP4 10.0.0.1\r\ns=-\r\n"
	raw := []byte("INVITE sip:x@y SIP/2.0\r\nCall-ID: 3\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n" + body)
	was := string(raw)
	taught(t).SIP(raw)
	check(t, string(raw), was, []string{"491711234567"}, []string{" 1 IN IP4 "})
}
