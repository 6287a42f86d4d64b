package sip

import (
	"fmt"
	"testing"
	"time"
)

func TestParseURI(t *testing.T) {
	for _, c := range []struct {
		in, want string // scheme|user|password|host|port|params|headers
		ok, ipv6 bool
	}{
		{"sip:home1.fr", "sip|||home1.fr|||", true, false},
		{"SIPS:a:b@h:5061;lr;x=y?s=1&t=2", "SIPS|a|b|h|5061|;lr;x=y|s=1&t=2", true, false},
		{" sip:[5555::1]:1357;comp=sigcomp ", "sip|||[5555::1]|1357|;comp=sigcomp|", true, false},
		{"sip:u@[5555:1:2:3:4]", "sip|u||[5555:1:2:3:4]|||", true, true},
		{"sip:u@[5555::1", "sip|u||[5555::1|||", true, true},
		{"sip:user;par=u%40e@h", "sip|user;par=u%40e||h|||", true, false},
		{"sip:a?b@h?c", "sip|a?b||h|||c", true, false},
		{"tel:+44-123-456-789;phone-context=x", "tel|+44-123-456-789||||;phone-context=x|", true, false},
		{"urn:service:sos", "urn|||service:sos|||", true, false},
		{"soap.beep://192.0.2.1:3", "soap.beep|||//192.0.2.1:3|||", true, false},
		{"alan@home1.fr", "|||alan@home1.fr|||", false, false},
		{"1sip:x", "|||1sip:x|||", false, false},
		{"", "||||||", false, false},
		{"sip:", "sip||||||", true, false},
		{"sip:@:;?", "sip|||||;|", true, false},
	} {
		u, ok := ParseURI([]byte(c.in))
		got := fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s", u.Scheme, u.User, u.Password, u.Host, u.Port, u.Params, u.Headers)
		if got != c.want || ok != c.ok || u.IPv6Broken != c.ipv6 {
			t.Errorf("%q: %s ok %v broken %v, want %s", c.in, got, ok, u.IPv6Broken, c.want)
		}
	}
}

func TestIPv6(t *testing.T) {
	for in, want := range map[string]string{
		"[::]": "::", "[::1]": "::1", "[1::]": "1::", "[2001:DB8::9:1]": "2001:db8::9:1", "[1:2:3:4:5:6:7:8]": "1:2:3:4:5:6:7:8",
		"[::ffff:192.0.2.10]": "::ffff:192.0.2.10", "[1:2:3:4:5:6:1.2.3.4]": "1:2:3:4:5:6:102:304", "[1:2:3:4:5:6:7::]": "1:2:3:4:5:6:7:0",
	} {
		if got := IPv6Host([]byte(in)); !got.IsValid() || got.String() != want {
			t.Errorf("%s is %v, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "::1", "[]", "[:]", "[:::]", "[1]", "[5555:1:2:3:4]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7::8]", "[::1::2]", "[12345::]", "[::g]", "[1:2:]", "[:1:2:3:4:5:6:7]",
		"[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.4:1]", "[fe80::1%eth0]", "[2001:db8:::1.2.3.4]", "[1:2:3:4:5:6:7:1.2.3.4]", "[1.2.3.4]"} {
		if got := IPv6Host([]byte(in)); got.IsValid() {
			t.Errorf("%s is %v, want none", in, got)
		}
	}
}

func TestNameAddr(t *testing.T) {
	for _, c := range []struct {
		in, want string // display|uri|params
		ok       bool
	}{
		{`<sip:a@h>;tag=1`, `|sip:a@h|;tag=1`, true},
		{`"A \"q\" <x>, y" <sip:a@h;lr> ;tag=1`, `A \"q\" <x>, y|sip:a@h;lr|;tag=1`, true},
		{`caller<sip:a@h>`, `caller|sip:a@h|`, true},
		{`tok1 tok2 <sip:a@h>`, `tok1 tok2|sip:a@h|`, true},
		{`sip:a@h;tag=1`, `|sip:a@h|;tag=1`, true},
		{`sip:a@h?x=y`, `|sip:a@h?x=y|`, true},
		{`"Mr. J. User <sip:j@h>;tag=1`, `Mr. J. User|sip:j@h|;tag=1`, true},
		{`"Mr. J. User <sip:j@h>;x="y"`, `Mr. J. User|sip:j@h|;x="y"`, true},
		{`<sip:a@h`, `|sip:a@h|`, true},
		{`<sip:a@h> x ;tag=1`, `|sip:a@h|;tag=1`, true},
		{`"only a name"`, `|"only a name"|`, true},
		{`<>`, `||`, false},
		{``, `||`, false},
	} {
		na, ok := ParseNameAddr([]byte(c.in))
		if got := fmt.Sprintf("%s|%s|%s", na.Display, na.URI, na.Params); got != c.want || ok != c.ok {
			t.Errorf("%q: %s %v, want %s", c.in, got, ok, c.want)
		}
	}
}

func TestNameAddrList(t *testing.T) {
	var got []string
	v := []byte(`<sip:tobias@home1.fr>, "a, b" <sip:gameMaster@home1.fr>;x="1,2" ,, <tel:+44-123-456-789>,sip:c@h,`)
	for na, rest, ok := NextNameAddr(v); ok; na, rest, ok = NextNameAddr(rest) {
		got = append(got, string(na.URI))
	}
	if fmt.Sprint(got) != "[sip:tobias@home1.fr sip:gameMaster@home1.fr tel:+44-123-456-789 sip:c@h]" {
		t.Error(got)
	}
}

func TestParams(t *testing.T) {
	p := []byte(` ; a ;b= 1; c = "x;\"y" ;; d=;E="open; f=2`)
	var got []string
	for q, rest, ok := NextParam(p); ok; q, rest, ok = NextParam(rest) {
		got = append(got, fmt.Sprintf("%s=%s/%v/%v", q.Name, q.Value, q.HasValue, q.Quoted))
	}
	if want := `[a=/false/false b=1/true/false c=x;\"y/true/true d=/true/false E=open/true/true f=2/true/false]`; fmt.Sprint(got) != want {
		t.Errorf("%v\nwant %s", got, want)
	}
	if v, ok := Param(p, "e"); !ok || string(v) != "open" {
		t.Errorf("e = %q %v", v, ok)
	}
	if _, ok := Param(p, "a"); !ok {
		t.Error("a not found")
	}
	if _, ok := Param(p, "g"); ok {
		t.Error("g found")
	}
}

func TestVia(t *testing.T) {
	v := []byte("SIP/2.0/UDP [5555::1:2:3:4]:1357;comp=sigcomp;branch=z9hG4bK99ueth;rport , SIP / 2.0 /\r\n TLS  p.home1.fr : 5061 ;received=192.0.2.1;rport=99;BRANCH=old,,junk")
	var got []string
	for via, rest, ok := NextVia(v); ok; via, rest, ok = NextVia(rest) {
		got = append(got, fmt.Sprintf("%s %s %s %s %v %s %s %v %s\n", via.Transport, via.Host, via.Port, via.Branch, via.HasMagicCookie(), via.Received, via.RPort, via.HasRPort, via.Comp))
	}
	want := []string{
		"UDP [5555::1:2:3:4] 1357 z9hG4bK99ueth true   true sigcomp\n",
		"TLS p.home1.fr 5061 old false 192.0.2.1 99 true \n",
		"junk    false   false \n",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if _, ok := ParseVia([]byte("SIP/2.0/UDP")); ok {
		t.Error("Via without a host is ok")
	}
}

func TestCSeq(t *testing.T) {
	for _, c := range []struct {
		in     string
		n      uint32
		method string
		ok     bool
	}{
		{"1 REGISTER", 1, "REGISTER", true}, {"0009\r\n  INVITE", 9, "INVITE", true}, {" 1 \t X ", 1, "X", true},
		{"36893488147419103232 REGISTER", 1<<32 - 1, "REGISTER", true}, {"4294967295 A", 1<<32 - 1, "A", true},
		{"REGISTER", 0, "REGISTER", false}, {"1", 1, "", false}, {"", 0, "", false}, {"-1 X", 0, "-1 X", false}, {"1X", 1, "X", false}, {"1 X Y", 1, "X Y", false},
	} {
		if n, m, ok := ParseCSeq([]byte(c.in)); n != c.n || string(m) != c.method || ok != c.ok {
			t.Errorf("%q: %d %q %v", c.in, n, m, ok)
		}
	}
}

func TestContact(t *testing.T) {
	v := []byte(`<sip:a@h;expires=9>;q=0.5;expires=0, "B, b" <sip:b@h>;+sip.instance="<urn:gsma:imei:1>";reg-id=1;pub-gruu="sip:p";temp-gruu="sip:t", sip:c@h;expires=99999999999, * , <sip:d@h>;expires=x`)
	var got []string
	for c, rest, ok := NextContact(v); ok; c, rest, ok = NextContact(rest) {
		got = append(got, fmt.Sprintf("%v %s %d %s %s %s %s %s\n", c.Star, c.URI, c.Expires, c.Q, c.Instance, c.RegID, c.PubGRUU, c.TempGRUU))
	}
	want := []string{
		"false sip:a@h;expires=9 0 0.5    \n",
		"false sip:b@h -1  <urn:gsma:imei:1> 1 sip:p sip:t\n",
		"false sip:c@h 4294967295     \n",
		"true  -1     \n",
		"false sip:d@h -1     \n",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if c, ok := ParseContact(nil); ok || c.Star || c.Expires != -1 {
		t.Errorf("empty Contact %+v %v", c, ok)
	}
	if c, ok := ParseContact([]byte("*x <sip:a@h>")); !ok || c.Star || string(c.URI) != "sip:a@h" {
		t.Errorf("display name with a star %+v", c)
	}
}

func TestAuth(t *testing.T) {
	a, ok := ParseAuth([]byte(`Digest realm="home1.fr",nonce="n==", algorithm=AKAv1-MD5,ik="00",ck="11", qop="auth,auth-int", opaque="o\"p", stale=TRUE, domain="d"`))
	if !ok || fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", a.Scheme, a.Realm, a.Nonce, a.Algorithm, a.IK, a.CK, a.QOP, a.Opaque, a.Stale, a.Domain) != `Digest|home1.fr|n==|AKAv1-MD5|00|11|auth,auth-int|o\"p|TRUE|d` || a.Username != nil || a.flaws != 0 {
		t.Errorf("challenge %q", a)
	}
	a, ok = ParseAuth([]byte(`Digest username="u",nonce="",response="",uri="sip:h",auts="A+/=",cnonce="c",nc=00000001,integrity-protected=no`))
	if !ok || a.Nonce == nil || a.Response == nil || len(a.Nonce)+len(a.Response) != 0 ||
		fmt.Sprintf("%s|%s|%s|%s|%s|%s", a.Username, a.URI, a.AUTS, a.CNonce, a.NC, a.IntegrityProtected) != "u|sip:h|A+/=|c|00000001|no" || a.flaws != 0 {
		t.Errorf("credentials %q", a)
	}
	a, ok = ParseAuth([]byte(`nextnonce="x", rspauth="y", nc=1`)) // Authentication-Info has no scheme
	if !ok || a.Scheme != nil || string(a.NC) != "1" {
		t.Errorf("info %q %v", a, ok)
	}
	a, ok = ParseAuth([]byte(`NoOneKnows opaque-data=here`))
	if !ok || string(a.Scheme) != "NoOneKnows" || string(a.Params) != "opaque-data=here" {
		t.Errorf("unknown scheme %q %v", a, ok)
	}
	if p, ok := AuthParam([]byte(`Digest nonce="nc=1", NC = 2, nc=3`), "nc"); !ok || string(p) != "2" {
		t.Errorf("parameter %q %v", p, ok)
	}
	for _, s := range []string{"", " ", ",", `"`, "="} {
		if _, ok := ParseAuth([]byte(s)); ok {
			t.Errorf("%q is credentials", s)
		}
	}
}

func TestSecurity(t *testing.T) {
	s, ok := ParseSecurity([]byte("ipsec-3gpp;q=0.1;alg=hmac-md5-96;ealg=aes-cbc;prot=esp;mod=UDP-enc-tun;spi-c=4294967295;spi-s=0;port-c=65535;port-s=65536"))
	if !ok || string(s.Q) != "0.1" || string(s.Alg) != "hmac-md5-96" || string(s.EAlg) != "aes-cbc" || string(s.Prot) != "esp" || string(s.Mod) != "UDP-enc-tun" ||
		s.SPIC != 4294967295 || s.SPIS != 0 || s.PortC != 65535 || s.PortS != -1 || s.SPI != -1 {
		t.Errorf("%+v", s)
	}
	s, ok = ParseSecurity([]byte("ipsec-3gpp; alg=x; spi=7; port1=5; port2=6"))
	if !ok || s.SPI != 7 || s.Port1 != 5 || s.Port2 != 6 || s.SPIC != -1 {
		t.Errorf("%+v", s)
	}
	if _, ok := ParseSecurity([]byte("a b;q=1")); ok {
		t.Error("two words are a mechanism")
	}
}

func TestEvents(t *testing.T) {
	e, ok := ParseEvent([]byte(" presence.winfo ; id=7;x"))
	if !ok || string(e.Package) != "presence.winfo" || string(e.ID) != "7" {
		t.Errorf("%q", e)
	}
	s, ok := ParseSubscriptionState([]byte("Terminated ;reason=deactivated;retry-after=5;expires=60"))
	if !ok || !s.IsTerminated() || string(s.Reason) != "deactivated" || s.RetryAfter != 5 || s.Expires != 60 {
		t.Errorf("%+v", s)
	}
	s, ok = ParseSubscriptionState([]byte("active"))
	if !ok || s.IsTerminated() || s.Reason != nil || s.RetryAfter != -1 || s.Expires != -1 {
		t.Errorf("%+v", s)
	}
}

func TestSeconds(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, " 600000 ": 600000, "4294967295": 4294967295, "4294967296": 4294967295, "99999999999999999999999999": 4294967295, "120 (in a meeting)": 120, "18000;duration=3600": 18000} {
		if n, ok := ParseDeltaSeconds([]byte(in)); !ok || n != want {
			t.Errorf("%q: %d %v, want %d", in, n, ok, want)
		}
	}
	for _, in := range []string{"", "-1", "x", "1 2", "Thu, 01 Dec 1994 16:00:00 GMT", "1.5"} {
		if n, ok := ParseDeltaSeconds([]byte(in)); ok || n != 0 {
			t.Errorf("%q: %d", in, n)
		}
	}
}

func TestDate(t *testing.T) {
	if d, ok := ParseDate([]byte("Sat, 13 Nov 2010 23:29:00 GMT")); !ok || !d.Equal(time.Date(2010, 11, 13, 23, 29, 0, 0, time.UTC)) {
		t.Error(d, ok)
	}
	for _, in := range []string{"", "Sat, 13 Nov 2010 23:29:00 EST", "Xat, 13 Nov 2010 23:29:00 GMT", "Sat, 13 Nox 2010 23:29:00 GMT", "Sat, 32 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 24:29:00 GMT", "Sat, 13 Nov 2010 23:6x:00 GMT"} {
		if d, ok := ParseDate([]byte(in)); ok {
			t.Errorf("%q is %v", in, d)
		}
	}
}

func TestOthers(t *testing.T) {
	c, ok := ParseChargingVector([]byte(`icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=023551024";icid-generated-at=[5555::a:b:c:d];orig-ioi="visited1.fi";term-ioi=home1.fr;transit-ioi=t`))
	if !ok || string(c.ICID) != "AyretyU0dm+6O2IrT5tAFrbHLso=023551024" || string(c.GeneratedAt) != "[5555::a:b:c:d]" || string(c.OrigIOI) != "visited1.fi" || string(c.TermIOI) != "home1.fr" || string(c.TransitIOI) != "t" {
		t.Errorf("%q", c)
	}
	if !HasToken([]byte("path , GRUU,, outbound"), "outbound") || HasToken([]byte("paths"), "path") || HasToken(nil, "path") {
		t.Error("HasToken")
	}
}
