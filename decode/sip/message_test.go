package sip

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"imscope/decode/problem"
)

func TestParseRequest(t *testing.T) {
	m := parse(t, register)
	if !m.IsRequest || m.Method != MethodRegister || m.Status != 0 || string(m.RequestURI.In(m.Raw)) != "sip:ims.mnc001.mcc001.3gppnetwork.org" ||
		string(m.Version.In(m.Raw)) != "SIP/2.0" || string(m.MethodSpan.In(m.Raw)) != "REGISTER" {
		t.Errorf("start line: %+v", m)
	}
	if string(m.StartLine()) != "REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0" {
		t.Errorf("StartLine %q", m.StartLine())
	}
	if len(m.Headers) != 20 || len(m.Problems) != 0 || m.ContentLength != 0 {
		t.Errorf("%d headers, problems %v, Content-Length %d", len(m.Headers), m.Problems, m.ContentLength)
	}
	if v := m.First(HdrMaxForwards); string(v) != "70" {
		t.Errorf("Max-Forwards %q", v)
	}
	if h := m.Headers[18]; h.ID != HdrUnknown || string(h.Name.In(m.Raw)) != "X-Vendor" || string(m.Named("x-VENDOR")) != "something" {
		t.Errorf("unknown header %+v", h)
	}
	if m.First(HdrEvent) != nil || m.Header(HdrUnknown) == nil || m.Header(headerIDs) != nil || m.Named("None") != nil {
		t.Error("absent header found")
	}
	if !m.Lists(HdrSupported, "GRUU") || m.Lists(HdrSupported, "outbound") {
		t.Error("option tags")
	}
	m.Check()
	if len(m.Problems) != 0 {
		t.Errorf("Check: %s", m.Problems[0].Code.ID)
	}
}

func TestParseResponse(t *testing.T) {
	m := parse(t, crlf("\n\r\nsip/2.0 401 Not  today \nv: SIP/2.0/UDP a\nVia: SIP/2.0/UDP b, SIP/2.0/UDP c\nV  : SIP/2.0/UDP d\nx:\nl: 3\n\nabcdef"))
	if m.IsRequest || m.Method != MethodNone || m.Status != 401 || string(m.Reason.In(m.Raw)) != "Not  today " || string(m.Version.In(m.Raw)) != "sip/2.0" {
		t.Errorf("status line: %+v", m)
	}
	var vias []string
	for v := range m.All(HdrVia) {
		vias = append(vias, string(v))
	}
	if !slices.Equal(vias, []string{"SIP/2.0/UDP a", "SIP/2.0/UDP b, SIP/2.0/UDP c", "SIP/2.0/UDP d"}) {
		t.Errorf("Via %q", vias)
	}
	for range m.All(HdrVia) {
		break // must be possible
	}
	if v := m.First(HdrSessionExpires); v == nil || len(v) != 0 {
		t.Errorf("empty value %q, want empty and not nil", v)
	}
	if string(m.Body.In(m.Raw)) != "abc" || m.ContentLength != 3 || m.Truncated {
		t.Errorf("body %q of %d", m.Body.In(m.Raw), m.ContentLength)
	}
	if len(m.Problems) != 1 || m.Problems[0].Code != ProbBytesAfterBody || string(m.Problems[0].Span.In(m.Raw)) != "def" {
		t.Errorf("problems %+v", m.Problems)
	}
}

func TestNotSIP(t *testing.T) {
	var m Message
	for _, s := range []string{"", "\r\n\r\n", "\x80\x60abc", "GET / HTTP/1.1\r\n\r\n", "OPTIONS rtsp://h RTSP/1.0\r\n\r\n", "NOTIFY * HTTP/1.1\r\n\r\n", "M-SEARCH * HTTP/1.1\r\n", "SIP/2.0", "SIP/2.0 \r\n", "SIP/2.0/UDP host\r\n", "REGISTER", "REGISTER \r\n", "REGISTER SIP/2.0\r\n", strings.Repeat("A", 65) + " sip:h SIP/2.0\r\n", "jaK\x00"} {
		m.Headers = append(m.Headers[:0], Header{ID: HdrVia})
		if err := m.Parse([]byte(s)); !errors.Is(err, ErrNotSIP) || m.Raw != nil || len(m.Headers) != 0 {
			t.Errorf("%q: %v, raw %q, %d headers", s, err, m.Raw, len(m.Headers))
		}
	}
}

func TestCompactForms(t *testing.T) {
	want := map[string]HeaderID{"i": HdrCallID, "m": HdrContact, "e": HdrContentEncoding, "l": HdrContentLength, "c": HdrContentType, "f": HdrFrom, "s": HdrSubject, "k": HdrSupported, "t": HdrTo, "v": HdrVia,
		"u": HdrAllowEvents, "o": HdrEvent, "r": HdrReferTo, "b": HdrReferredBy, "x": HdrSessionExpires, "a": HdrAcceptContact, "j": HdrRejectContact, "d": HdrRequestDisposition, "y": HdrIdentity, "n": HdrIdentityInfo}
	for c := 'a'; c <= 'z'; c++ {
		for _, s := range []string{string(c), strings.ToUpper(string(c))} {
			if got := ParseHeaderID([]byte(s)); got != want[string(c)] {
				t.Errorf("%s is %v, want %v", s, got, want[string(c)])
			}
		}
	}
}

func TestHeaderNames(t *testing.T) {
	for id := HdrUnknown + 1; id < headerIDs; id++ {
		for _, s := range []string{id.String(), strings.ToLower(id.String()), strings.ToUpper(id.String())} {
			if got := ParseHeaderID([]byte(s)); got != id {
				t.Errorf("%s is %v", s, got)
			}
		}
	}
	for _, s := range []string{"", "Vi", "Viaa", "V\x09a", "Call\x0dID", "P-Charging-Function-Addresses-And-More", "\x16", "Xpires"} {
		if got := ParseHeaderID([]byte(s)); got != HdrUnknown {
			t.Errorf("%q is %v", s, got)
		}
	}
	if HdrUnknown.String() != "unknown" || headerIDs.String() != "unknown" {
		t.Error("names of no header")
	}
}

func TestMethods(t *testing.T) {
	for m := MethodRegister; m < MethodOther; m++ {
		if ParseMethod([]byte(m.String())) != m || ParseMethod([]byte(strings.ToLower(m.String()))) != MethodOther {
			t.Errorf("%v is not found by its own name and case", m)
		}
	}
	if ParseMethod(nil) != MethodNone || ParseMethod([]byte("KDMQ")) != MethodOther || MethodOther.String() != "OTHER" || MethodNone.String() != "NONE" {
		t.Error("no method and unknown method")
	}
}

// What other parsers stumbled over, see the issue trackers of gopacket, gosip, php-sip, doubango.
func TestFieldFailures(t *testing.T) {
	for _, c := range []struct {
		name, msg string
		id        HeaderID
		value     string
		body      string
	}{
		{"folded line behind the start line", "REGISTER sip:h SIP/2.0\n fold\nCall-ID: a\nCSeq: 1 X\n\n", HdrCallID, "a", ""},
		{"compact Content-Length", "MESSAGE sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 X\nl: 5\n\nhello and more", HdrContentLength, "5", "hello"},
		{"white space behind Content-Length", "MESSAGE sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 X\nContent-Length: 0 \t\n\n", HdrContentLength, "0", ""},
		{"tab before the colon", "MESSAGE sip:h SIP/2.0\nCall-ID\t: x\nCSeq: 1 X\n\n", HdrCallID, "x", ""},
		{"no reason, no space", "SIP/2.0 200\nCall-ID: a\nCSeq: 1 X\n\n", HdrCallID, "a", ""},
		{"empty header value", "SIP/2.0 200 OK\nWarning:\nCall-ID: a\nCSeq: 1 X\n\n", HdrWarning, "", ""},
		{"unknown method", "KDMQ sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 KDMQ\n\n", HdrCSeq, "1 KDMQ", ""},
		{"folded value", "REGISTER sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 X\nContact:\n <sip:a@h>\n\t;expires=0\n\n", HdrContact, "<sip:a@h>\r\n\t;expires=0", ""},
		{"line of white space ends a fold, not the header", "REGISTER sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 X\nContact: b\n  \nTo: c\n\n", HdrTo, "c", ""},
	} {
		m := parse(t, crlf(c.msg))
		if got := m.First(c.id); got == nil || string(got) != c.value || string(m.Body.In(m.Raw)) != c.body {
			t.Errorf("%s: %v = %q, body %q", c.name, c.id, got, m.Body.In(m.Raw))
		}
	}
}

func TestLineEnds(t *testing.T) {
	const text = "REGISTER sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 REGISTER\nSubject: x\n y\nContent-Length: 4\n\nb\ncd"
	for _, c := range []struct {
		eol  string
		want *problem.Code
	}{{"\r\n", nil}, {"\n", ProbBareLF}, {"\r", ProbBareCR}} {
		raw := []byte(strings.ReplaceAll(text, "\n", c.eol))
		m := parse(t, raw)
		if len(m.Headers) != 4 || string(m.First(HdrCSeq)) != "1 REGISTER" || string(Unfold(nil, m.First(HdrSubject))) != "x y" && c.eol != "\r" {
			t.Errorf("%q: %d headers, CSeq %q, Subject %q", c.eol, len(m.Headers), m.First(HdrCSeq), m.First(HdrSubject))
		}
		if body := string(m.Body.In(m.Raw)); body != "b"+c.eol+"cd" && body != "b\r\nc" {
			t.Errorf("%q: body %q", c.eol, body)
		}
		if n := slices.IndexFunc(m.Problems, func(p problem.Problem) bool { return p.Code == c.want }); (n >= 0) != (c.want != nil) {
			t.Errorf("%q: problems %+v", c.eol, m.Problems)
		}
		tiles(t, m)
	}
}

func TestUnfold(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "a\r\n b": "a b", "a \t\r\n\t \r\n  b\n c": "a b c", "a\r\n ": "a", "a  b": "a  b"} {
		if got := string(Unfold([]byte(">"), []byte(in))); got != ">"+want {
			t.Errorf("Unfold(%q) = %q", in, got)
		}
	}
}

func TestCaps(t *testing.T) {
	raw := []byte("OPTIONS sip:h SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 X\r\n" + strings.Repeat("a:\r\n", 3*maxHeaders) + "\r\nbody")
	m := parse(t, raw)
	if len(m.Headers) != maxHeaders || len(m.Problems) != 1 || m.Problems[0].Code != ProbTooManyHeaders || string(m.Body.In(raw)) != "body" {
		t.Errorf("%d headers, %d problems, body %q", len(m.Headers), len(m.Problems), m.Body.In(raw))
	}
	raw = []byte("OPTIONS sip:h SIP/2.0\r\n" + strings.Repeat("no colon\r\n", 10*maxProblems))
	m = parse(t, raw)
	m.Check()
	if n := len(m.Problems); n != maxProblems+1 || m.Problems[n-1].Code != ProbMoreProblems {
		t.Errorf("%d problems, last %s", n, m.Problems[n-1].Code.ID)
	}
}

// Cut anywhere, a message still gives what stands before the cut.
func TestCutAnywhere(t *testing.T) {
	for _, raw := range [][]byte{register, []byte(printed), crlf(torture[0].msg)} {
		var m Message
		for n := range raw {
			if err := m.Parse(raw[:n:n]); err != nil {
				continue
			}
			whole := *parse(t, raw)
			m.Check()
			for i, h := range m.Headers[:max(0, len(m.Headers)-1)] {
				if h != whole.Headers[i] {
					t.Fatalf("cut at %d: header %d is %+v, was %+v", n, i, h, whole.Headers[i])
				}
			}
		}
	}
}

func TestParseStream(t *testing.T) {
	var m Message
	if err := m.ParseStream(crlf("OPTIONS sip:h SIP/2.0\nCall-ID: a\nCSeq: 1 X\n\n")); err != nil || len(m.Problems) != 1 || m.Problems[0].Code != ProbNoContentLength {
		t.Errorf("%v %+v", err, m.Problems)
	}
	if err := m.ParseStream(register); err != nil || len(m.Problems) != 0 {
		t.Errorf("%v %+v", err, m.Problems)
	}
	if err := m.ParseStream(nil); !errors.Is(err, ErrNotSIP) {
		t.Error(err)
	}
}

func TestPrint(t *testing.T) {
	for _, raw := range [][]byte{register, []byte("\r\n" + printed)} {
		m := parse(t, raw)
		if got := m.AppendTo([]byte("x")); string(got) != "x"+string(raw) {
			t.Errorf("AppendTo %q", got)
		}
		var w bytes.Buffer
		if n, err := m.WriteTo(&w); err != nil || n != int64(len(raw)) || !bytes.Equal(w.Bytes(), raw) {
			t.Errorf("WriteTo %d %v %q", n, err, w.Bytes())
		}
	}
}

func TestAllocations(t *testing.T) {
	var m Message
	msgs := [][]byte{register, []byte(printed), crlf(torture[0].msg)}
	for _, raw := range msgs {
		if err := m.Parse(raw); err != nil {
			t.Fatal(err)
		}
		m.Check()
	}
	if n := testing.AllocsPerRun(100, func() {
		for _, raw := range msgs {
			if m.Parse(raw) != nil {
				t.Fatal("not SIP")
			}
			m.Check()
			for v := range m.All(HdrVia) {
				for via, rest, ok := NextVia(v); ok; via, rest, ok = NextVia(rest) {
					IPv6Host(via.Host)
				}
			}
			ParseNameAddr(m.First(HdrFrom))
			ParseCSeq(m.First(HdrCSeq))
			ParseURI(m.RequestURI.In(m.Raw))
			ParseAuth(m.First(HdrAuthorization))
			ParseDeltaSeconds(m.First(HdrExpires))
			for c, rest, ok := NextContact(m.First(HdrContact)); ok; c, rest, ok = NextContact(rest) {
				Param(c.Params, "reg-id")
				ParseURI(c.URI)
			}
			for s, rest, ok := NextSecurity(m.First(HdrSecurityVerify)); ok; s, rest, ok = NextSecurity(rest) {
				s.IsIPsec3GPP()
			}
			m.Lists(HdrSupported, "path")
			Frame(raw)
			Resync(raw)
			IsStart(raw)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The header line that a snap length went through is none: its value is another one.
func TestParseCut(t *testing.T) {
	const whole = "REGISTER sip:home1.fr SIP/2.0\r\nTo: <sip:tobias@home1.fr>\r\nContent-Length: 4\r\n\r\nbody"
	for n := 1; n <= len(whole); n++ {
		var m Message
		err := m.ParseCut([]byte(whole[:n]))
		if want := IsStart([]byte(whole[:n])); (err == nil) != want {
			t.Fatalf("%q: %v", whole[:n], err)
		}
		m.Check()
		for _, p := range m.Problems {
			if p.Code == ProbMissingTo || p.Code == ProbNoColon {
				t.Errorf("%q: %s", whole[:n], p.Code.ID)
			}
		}
		if v := m.First(HdrTo); v != nil && string(v) != "<sip:tobias@home1.fr>" {
			t.Errorf("%q: %q", whole[:n], v)
		}
	}
}

// A start line with one damaged byte, or with a few in front of it, is read as what it was.
func TestParseDamagedStart(t *testing.T) {
	for in, want := range map[string]string{
		"NOT\x9aFY sip:a@b SIP/2.0\r\nCSeq: 1 NOTIFY\r\n\r\n":   "sip-bad-method NOT\x9aFY",
		"\x00 NOTIFY sip:a@b SIP/2.0\r\nCSeq: 1 NOTIFY\r\n\r\n": "sip-before-start-line \x00 ",
		"\r\n (OTIFY sip:a@b SIP/2.0\r\nCSeq: 1 NOTIFY\r\n\r\n": "sip-bad-method (OTIFY sip-before-start-line  ",
		"NOTIFY sip:a@b SIP/2.0\r\nCSeq: 1 NOTIFY\r\n\r\n":      "",
	} {
		var m Message
		if err := m.Parse([]byte(in)); err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		got := ""
		for _, p := range m.Problems {
			got += " " + p.Code.ID + " " + string(p.Span.In(m.Raw))
		}
		if got = strings.TrimPrefix(got, " "); got != want || m.Method != MethodNotify || string(m.RequestURI.In(m.Raw)) != "sip:a@b" {
			t.Errorf("%q: problems %q, want %q, method %v", in, got, want, m.Method)
		}
		tiles(t, &m)
	}
}
