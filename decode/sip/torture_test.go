package sip

import (
	"slices"
	"testing"

	"imscope/decode/problem"
)

// The classes of the torture tests of RFC 4475 and RFC 5118, each with a message of our own. A
// message that RFC 3261 allows, or that can be understood in one way only, has no problem of
// severity error; the others have one.
var torture = []struct {
	name string
	msg  string
	want []*problem.Code // in the order reported
}{
	// Legal, however strange.
	{"white space and folding everywhere", `INVITE sip:bob@home1.fr;p SIP/2.0
tO :
 sip:bob@home1.fr ;   tag    = 77
FROM   : "A \\\""   <sip:ann@home1.fr>
  ;
  tag = 88
max-forwards: 0070
call-id:	fold@home1.fr
Content-Length   : 0
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=z9hG4bKfold
s :
Odd: ;;,,;;,;
v:  SIP  / 2.0  / TCP     p.home1.fr   ;
  branch  =   z9hG4bKtwo  ,
 SIP  /    2.0   / UDP  192.0.2.9   ; branch=
 z9hG4bKthree
m:"Quoted \"\"" <sip:ann@home1.fr> ; newparam =
      value ;
  second ; q = 0.33

`, nil},
	{"every token byte in a method, a tag and a header name", `Odd-Method.0!%*_+` + "`" + `'~ sip:x(y)&'$/?,;*:&p=1,a!b$c~d_(e)@home1.fr SIP/2.0
Via: SIP/2.0/TCP host1.home1.fr;branch=z9hG4bK-.!%66*_+` + "`" + `'~
To: "BEL \` + "\a" + ` DEL \` + "\x7f" + `" <sip:1_x~(be!sure)&it$/c?,/;;*@home1.fr>
From: tok1~` + "`" + ` tok2'+_ tok3*%!.- <sip:m@home1.fr>;from''~+*_!.-%="кириллица";tag=_t~1'+` + "`" + `*%!-.
Call-ID: w%ZK-!.*_+'@w` + "`" + `~)(><:\/"][?}{
CSeq: 139122385 Odd-Method.0!%*_+` + "`" + `'~
Max-Forwards: 255
ext-!.%*+_` + "`" + `'~: ` + "\xef\xbb\xbf大停電" + `
Content-Length: 0

`, nil},
	{"escapes are not decoded to separators", request("INVITE sip:sips%3Abob%40home1.fr@home2.fr SIP/2.0", "INVITE", "Contact: <sip:%62ob@h.home1.fr;%6C%72;n%61me=v%25%34%31>"), nil},
	{"escaped NUL", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: <sip:%00%00@h.home1.fr>"), nil},
	{"escapes do not make a known method or header", request("RE%47IST%45R sip:home1.fr SIP/2.0", "RE%47IST%45R", "C%6Fntact: <sip:x@h.home1.fr>"), nil},
	{"no space between display name and bracket", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Contact: ann<sip:ann@home1.fr>"), nil},
	{"semicolon in the user part", request("OPTIONS sip:user;par=u%40example.net@home1.fr SIP/2.0", "OPTIONS"), nil},
	{"transports that nobody knows", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Via: SIP/2.0/SCTP a;branch=z9hG4bKa", "Via: SIP/2.0/UNKNOWN b;branch=z9hG4bKb"), nil},
	{"reason phrase in UTF-8", response("200 = 2**3 * 5**2 но сто"), nil},
	{"empty reason phrase", response("183 "), nil},
	{"unknown URI scheme", request("OPTIONS nobody:totally-opaque SIP/2.0", "OPTIONS"), nil},
	{"URI with an authority", request("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", "OPTIONS"), nil},
	{"unknown schemes in header fields", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: <name:John_Smith>", "Route: <http://home1.fr/>"), nil},
	{"unknown option tags", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Require: nothingSupportsThis", "Proxy-Require: norThis"), nil},
	{"unknown authentication scheme", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Authorization: NoOneKnows opaque-data=here"), nil},
	{"unknown parameter outside brackets", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: sip:+19725552222@gw1.home1.fr;unknownparam"), nil},
	{"unknown parameter inside brackets", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: <sip:+19725552222@gw1.home1.fr;unknownparam>"), nil},
	{"escaped header fields in a Contact", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: <sip:ann@home1.fr?Route=%3Csip:home1.fr%3E>"), nil},
	{"Max-Forwards of zero", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Subject: x"), nil},
	{"IPv6 with a port inside, legal as an address", request("REGISTER sip:[2001:db8::10:5070] SIP/2.0", "REGISTER"), nil},
	{"IPv4 mapped into IPv6", request("OPTIONS sip:[::ffff:192.0.2.10]:19823 SIP/2.0", "OPTIONS"), nil},
	{"received with and without brackets", request("OPTIONS sip:[2001:db8::10]:5070 SIP/2.0", "OPTIONS", "Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKa", "Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKb"), nil},

	// Wrong, yet with one meaning.
	{"branch without anything behind the cookie", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Via: SIP/2.0/UDP a;branch=z9hG4bK"), codes(ProbEmptyBranch)},
	{"Via from before RFC 3261", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Via: SIP/2.0/UDP a;branch=390skd", "Via: SIP/2.0/UDP b"), codes(ProbNoMagicCookie, ProbNoBranch)},
	{"date in another time zone", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Date: Fri, 01 Jan 2010 16:00:00 EST"), codes(ProbBadDate)},
	{"unknown version", request("OPTIONS sip:bob@home1.fr SIP/7.0", "OPTIONS", "Via: SIP/7.0/UDP a;branch=z9hG4bKa"), codes(ProbBadVersion, ProbBadViaVersion)},
	{"status code beyond 32 bits", response("4294967301 better not break"), codes(ProbBadStatus)},
	{"status code 999", response("999 Nine"), codes(ProbBadStatus)},
	{"method in CSeq is another known one", request("OPTIONS sip:bob@home1.fr SIP/2.0", "INVITE"), codes(ProbCSeqMismatch)},
	{"method in CSeq, unknown method", request("NEWMETHOD sip:bob@home1.fr SIP/2.0", "INVITE"), codes(ProbCSeqMismatch)},
	{"scalars out of range in a request", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Expires: 10000000000000000000000000000000000000000000000000", "Contact: <sip:ann@home1.fr>\n ;expires=280297596632815"), codes(ProbSecondsOverflow, ProbSecondsOverflow)},
	{"scalars out of range in a response", "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\nTo: <sip:bob@home1.fr>;tag=1\nFrom: <sip:ann@home1.fr>;tag=2\nCSeq: 9292394834772304023312 OPTIONS\nCall-ID: x\nRetry-After: 949302838503028349304023988\nWarning: 1812 overture \"x\"\nContent-Length: 0\n\n", codes(ProbCSeqOverflow, ProbSecondsOverflow, ProbBadWarning)},
	{"CSeq of exactly 2^31", "SIP/2.0 200 OK\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\nTo: <sip:bob@home1.fr>;tag=1\nFrom: <sip:ann@home1.fr>;tag=2\nCSeq: 2147483648 OPTIONS\nCall-ID: x\n\n", codes(ProbCSeqOverflow)},
	{"spaces in the start line", request("INVITE  sip:bob@home1.fr  SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>"), codes(ProbStartLineSpaces)},
	{"header fields in the Request-URI", request("INVITE sip:bob@home1.fr?Route=%3Csip:x%3E SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>"), codes(ProbURIHeaders)},
	{"two messages in one datagram", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER") + "\n" + request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE"), codes(ProbSecondMessage)},
	{"three colons, as the grammar of RFC 3261 once had it", request("OPTIONS sip:bob@[2001:db8:::192.0.2.1] SIP/2.0", "OPTIONS"), codes(ProbBadIPv6)},
	{"status line without a space behind the code", response("200"), codes(ProbNoReasonSpace)},
	{"status code and reason in one word", response("200OK"), codes(ProbNoReasonSpace)},
	{"display name with letters no token may have", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Contact: Jürgen <sip:j@home1.fr>"), codes(ProbDisplayName)},

	// Wrong, with more than one meaning or none.
	{"spaces inside the angle brackets", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Contact: \"W, T\" < sip:t@home1.fr >"), codes(ProbURISpace)},
	{"comma in an unquoted display name", "OPTIONS sip:bob@home1.fr SIP/2.0\nVia:     SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards:      70\nFrom:    Bell, Alexander <sip:a@home1.fr>;tag=43\nTo:      <sip:t@home1.fr>\nCall-ID: c\nCSeq:    3923239 OPTIONS\nl: 0\n\n", codes(ProbBadNameAddr)},
	{"empty Via elements and parameters", request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE", "Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKa;,;", "Contact: \"Joe\" <sip:joe@home1.fr>;;"), codes(ProbEmptyParam, ProbBadVia, ProbNoBranch, ProbEmptyParam, ProbEmptyParam)},
	{"Content-Length beyond the end", request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>", "Content-Type: application/sdp", "Content-Length: 9999") + "v=0\n", codes(ProbBodyShort)},
	{"negative Content-Length", request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>", "Content-Type: application/sdp", "Content-Length: -999") + "v=0\n", codes(ProbBadContentLength)},
	{"two Content-Length that differ", request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", "Content-Type: text/plain", "Content-Length: 13", "Content-Length: 5") + "There is no way to know", codes(ProbContentLengthConflict, ProbBytesAfterBody)},
	{"mandatory header fields missing", "INVITE sip:bob@home1.fr SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKins\nContent-Type: application/sdp\nl: 5\n\nv=0\n", codes(ProbMissingFrom, ProbMissingTo, ProbMissingCallID, ProbMissingMaxForwards, ProbMissingContact)},
	{"request of RFC 2543", "INVITE sip:bob@home1.fr SIP/2.0\nVia: SIP/2.0/UDP gw.home1.fr\nFrom: <sip:+1303@home1.fr;user=phone>\nTo: sip:+1650@home1.fr;user=phone\nCall-ID: x\nCSeq: 56 INVITE\n\n", codes(ProbMissingMaxForwards, ProbMissingContact, ProbNoBranch, ProbNoFromTag)},
	{"Request-URI in brackets", request("INVITE <sip:bob@home1.fr> SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>"), codes(ProbURIBrackets)},
	{"white space inside the Request-URI", request("INVITE sip:bob@home1.fr; lr SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>"), codes(ProbURIWhitespace)},
	{"white space behind the version", request("OPTIONS sip:bob@home1.fr SIP/2.0  ", "OPTIONS"), codes(ProbStartLineTrailing)},
	{"several values where one is allowed", request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE", "Contact: <sip:ann@home1.fr>", "CSeq: 59 INVITE", "Call-ID: other", "To: <sip:x@home1.fr>", "From: <sip:y@home1.fr>;tag=3", "Max-Forwards: 5"), codes(ProbRepeatedHeader, ProbRepeatedHeader, ProbRepeatedHeader, ProbRepeatedHeader, ProbRepeatedHeader)},
	{"display name not closed", request("INVITE sip:bob@home1.fr SIP/2.0", "INVITE", "Contact: \"Mr. J. User <sip:j@home1.fr>"), codes(ProbUnbalancedQuote)},
	{"header fields in a Contact without brackets", request("REGISTER sip:home1.fr SIP/2.0", "REGISTER", "Contact: sip:ann@home1.fr?Route=%3Csip:home1.fr%3E"), codes(ProbURINeedsBrackets)},
	{"no version, no colon, no schemes", "INVITE sip:alan@home1.fr\nTO : alan@home1.fr\nFrom: ralph@home1.fr;tag=1\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nCSeq: 1 INVITE\nContact: <sip:r@home1.fr>\nMaX-fOrWaRdS: 0068\nCall-ID: x\nFoobar roobar\nContent-Length: 0\n\n", codes(ProbNoVersion, ProbNoColon, ProbBadURI, ProbBadURI)},
	{"IPv6 without brackets", request("REGISTER sip:2001:db8::10 SIP/2.0", "REGISTER"), codes(ProbBadURI)},
}

func codes(c ...*problem.Code) []*problem.Code { return c }

// request makes a request that has what it must have, beside what the lines bring along.
func request(start, cseq string, lines ...string) string {
	s := start + "\n"
	has := func(name string) bool {
		return slices.ContainsFunc(lines, func(l string) bool { return len(l) > len(name) && l[:len(name)] == name })
	}
	for _, l := range []string{"Via: SIP/2.0/UDP ue.home1.fr;branch=z9hG4bKbase", "Max-Forwards: 0", "From: <sip:ann@home1.fr>;tag=1", "To: sip:bob@home1.fr", "Call-ID: base@home1.fr", "CSeq: 8 " + cseq, "Content-Length: 0"} {
		if l[:4] == "Via:" && has("Via:") || l[:10] == "Content-Le" && has("Content-Length") {
			continue
		}
		s += l + "\n"
	}
	for _, l := range lines {
		s += l + "\n"
	}
	return s + "\n"
}

func response(status string) string {
	return "SIP/2.0 " + status + "\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKr\nFrom: <sip:ann@home1.fr>;tag=1\nTo: <sip:bob@home1.fr>;tag=2\nCall-ID: r\nCSeq: 35 INVITE\nContent-Length: 0\n\n"
}

func TestTorture(t *testing.T) {
	for _, c := range torture {
		t.Run(c.name, func(t *testing.T) {
			raw := crlf(c.msg)
			m := parse(t, raw)
			m.Check()
			var got []*problem.Code
			for _, p := range m.Problems {
				got = append(got, p.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("problems %v, want %v", ids(got), ids(c.want))
			}
			tiles(t, m)
		})
	}
}

func ids(c []*problem.Code) (s []string) {
	for _, c := range c {
		s = append(s, c.ID)
	}
	return s
}

func parse(t testing.TB, raw []byte) *Message {
	t.Helper()
	var m Message
	if err := m.Parse(raw); err != nil {
		t.Fatalf("Parse: %v in %.80q", err, raw)
	}
	return &m
}

// tiles checks that the spans of a message cover it in order, with nothing between them but colons,
// white space and lines that a problem names.
func tiles(t testing.TB, m *Message) {
	t.Helper()
	pos := uint32(skipLineEnds(m.Raw))
	next := func(what string, s problem.Span) {
		if s.Off < pos || s.End() > uint32(len(m.Raw)) {
			t.Fatalf("%s at %d+%d overlaps what ends at %d", what, s.Off, s.Len, pos)
		}
		for i := pos; i < s.Off; i++ {
			if c := m.Raw[i]; c != ':' && !isLWS(c) && !named(m, i) {
				t.Fatalf("byte %q at %d before %s belongs to nothing", c, i, what)
			}
		}
		pos = s.End()
	}
	next("start line", m.start)
	for _, h := range m.Headers {
		next("name", h.Name)
		next("value", h.Value)
	}
	next("body", m.Body)
	next("end", span(len(m.Raw), len(m.Raw)))
}

// named reports whether a problem of Parse covers the byte at off, or stands for bytes left out.
func named(m *Message, off uint32) bool {
	for _, p := range m.Problems {
		if p.Code == ProbMoreProblems || p.Code == ProbTooManyHeaders || p.Span.Off <= off && off < p.Span.End() {
			return true
		}
	}
	return false
}
