package sip

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"imscope/decode/problem"
)

// TestLint has one message for each problem that the torture and damage tables do not show.
func TestLint(t *testing.T) {
	options := func(line string) string { return request("OPTIONS sip:bob@home1.fr SIP/2.0", "OPTIONS", line) }
	for _, c := range []struct {
		msg  string
		want *problem.Code
		text string
	}{
		{"OPTIONS sip:h SIP/2.0\n folded: x\n" + options("")[len("OPTIONS sip:bob@home1.fr SIP/2.0\n"):], ProbFoldedFirstLine, " folded: x"},
		{options("Bad[name]: x"), ProbBadHeaderName, "Bad[name]"},
		{options("l: 0"), ProbContentLengthTwice, "0"},
		{options("Subject: a\x00b"), ProbControlCharacter, "\x00"},
		{options("Subject: a\rb"), ProbBareCR, "\r"},
		{options("Subject: a\xffb"), ProbNotUTF8, "a\xffb"},
		{options("Contact: <sip:a@h>,"), ProbEmptyElement, "<sip:a@h>,"},
		{options("Contact: <sip:a@h>, , <sip:b@h>"), ProbEmptyElement, "<sip:a@h>, , <sip:b@h>"},
		{options("Contact:"), ProbBadNameAddr, ""},
		{options("Contact: <>"), ProbBadNameAddr, "<>"},
		{options("Contact: <sip:a@h"), ProbBadNameAddr, "<sip:a@h"},
		{options("Contact: <sip:a@h> junk;q=1"), ProbBadNameAddr, "<sip:a@h> junk;q=1"},
		{options("Contact: \"a\" b <sip:a@h>"), ProbDisplayName, "\"a\" b <sip:a@h>"},
		{options("Contact: <sip:a@h>;x=\"y"), ProbUnbalancedQuote, "y"},
		{options("Contact: <sip:a@h>;x=1;X=2"), ProbDuplicateParam, "X"},
		{options("Contact: <sip:a@h>;a b=2"), ProbBadParam, "a b"},
		{options("Contact: <sip:a@h>;q=1.1"), ProbBadQ, "1.1"},
		{options("Contact: <sip:a@h>;expires=soon"), ProbBadSeconds, "soon"},
		{options("Contact: <sip:a@h:70000>"), ProbBadURI, "sip:a@h:70000"},
		{options("Contact: <sip:a@h|i>"), ProbBadURI, "sip:a@h|i"},
		{options("Contact: <sip:a|b@h>"), ProbURICharacter, "sip:a|b@h"},
		{options("Contact: <tel:>"), ProbBadURI, "tel:"},
		{options("Contact: *"), ProbStarContact, "*"},
		{request("REGISTER sip:h SIP/2.0", "REGISTER", "Contact: *", "Expires: 1"), ProbStarContact, "*"},
		{request("REGISTER sip:h SIP/2.0", "REGISTER", "Contact: *", "Contact: <sip:a@h>", "Expires: 0"), ProbStarContact, "*"},
		{request("REGISTER sip:u@h SIP/2.0", "REGISTER"), ProbRegisterURIUser, "sip:u@h"},
		{options("Via: SIP/2.0/UDP;branch=z9hG4bKa"), ProbBadVia, "SIP/2.0/UDP;branch=z9hG4bKa"},
		{options("Via: SIP/2.0/UDP a:x;branch=z9hG4bKa"), ProbBadVia, "SIP/2.0/UDP a:x;branch=z9hG4bKa"},
		{options("Via: UDP a;branch=z9hG4bKa"), ProbBadVia, "UDP a;branch=z9hG4bKa"},
		{options("Via: SIP/2.0/UDP [1::2::3]:5060;branch=z9hG4bKa"), ProbBadIPv6, "[1::2::3]"},
		{options("Event: a b"), ProbBadEvent, "a b"},
		{notify("Subscription-State: ;expires=7"), ProbBadSubscriptionState, ";expires=7"},
		{notify("X: y"), ProbMissingSubscriptionState, "NOTIFY sip:ue.home1.fr SIP/2.0"},
		{notify("Subscription-State: active;expires=x"), ProbBadSeconds, "x"},
		{options("Authorization:"), ProbBadAuth, ""},
		{options("Authorization: Digest"), ProbBadAuth, "Digest"},
		{options("Authorization: Digest junk, nonce=\"a\""), ProbBadParam, "junk"},
		{options("Security-Client: ;q=1"), ProbBadSecurity, ";q=1"},
		{options("Security-Client: ipsec-3gpp;alg=x"), ProbSecurityIncomplete, "ipsec-3gpp;alg=x"},
		{options("Security-Client: tls, ipsec-3gpp;alg=x;spi-c=4294967296;spi-s=1;port-c=1;port-s=1"), ProbSecurityNumber, "ipsec-3gpp;alg=x;spi-c=4294967296;spi-s=1;port-c=1;port-s=1"},
		{options("P-Charging-Vector: orig-ioi=h"), ProbBadChargingVector, "orig-ioi=h"},
		{options("Expires: never"), ProbBadSeconds, "never"},
		{"OPTIONS sip:h SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards: 256\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>\nCall-ID: c\nCSeq: 1 OPTIONS\n\n", ProbBadMaxForwards, "256"},
		{"OPTIONS sip:h SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards: 25\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>\nCall-ID: c d\nCSeq: 1 OPTIONS\n\n", ProbBadCallID, "c d"},
		{"OPTIONS sip:h SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards: 25\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>\nCall-ID: c\nCSeq: 1OPTIONS\n\n", ProbBadCSeq, "1OPTIONS"},
		{"OPTIONS sip:h SIP/2.0\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nMax-Forwards: 25\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>\nCall-ID: c\nCSeq: 1 OPTIONS\n\nbody", ProbMissingContentType, "OPTIONS sip:h SIP/2.0"},
		{"SIP/2.0 200 OK\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\nFrom: <sip:t@h>;tag=1\nTo: <sip:t@h>\nCall-ID: c\nCSeq: 1 OPTIONS\n\n", ProbNoToTag, "<sip:t@h>"},
	} {
		m := parse(t, crlf(c.msg))
		m.Check()
		tiles(t, m)
		if len(m.Problems) != 1 || m.Problems[0].Code != c.want || string(m.Problems[0].Span.In(m.Raw)) != c.text {
			t.Errorf("message %q", c.msg)
			for _, p := range m.Problems {
				t.Errorf("\tgot %s %q", p.Code.ID, p.Span.In(m.Raw))
			}
			t.Errorf("\twant only %s %q", c.want.ID, c.text)
		}
	}
}

// Contact: * is right when it is alone and everything goes.
func TestStarContact(t *testing.T) {
	for _, lines := range [][]string{{"Contact: *", "Expires: 0"}, {"Expires: 0", "m:*"}, {"Contact: * ;expires=0"}} {
		m := parse(t, crlf(request("REGISTER sip:h SIP/2.0", "REGISTER", lines...)))
		m.Check()
		if len(m.Problems) > 0 {
			t.Errorf("%q: %s", lines, m.Problems[0].Code.ID)
		}
		if c, ok := ParseContact(m.First(HdrContact)); !ok || !c.Star {
			t.Errorf("%q: not a star", lines)
		}
	}
}

func TestCheckTwice(t *testing.T) {
	var m Message
	m.Check() // nothing parsed: nothing to say
	if len(m.Problems) != 0 {
		t.Errorf("empty message has %d problems", len(m.Problems))
	}
	m = *parse(t, []byte(printed))
	m.Check()
	n := len(m.Problems)
	m.Check()
	if len(m.Problems) != n {
		t.Errorf("%d problems after the second Check, %d after the first", len(m.Problems), n)
	}
}

// Every code is in Codes, has an identifier of the common form, and a clause.
func TestCodes(t *testing.T) {
	form := regexp.MustCompile(`^sip(-[a-z0-9]+)+$`)
	listed := map[string]*problem.Code{}
	for _, c := range Codes {
		if listed[c.ID] != nil {
			t.Errorf("%s is listed twice", c.ID)
		}
		listed[c.ID] = c
		if !form.MatchString(c.ID) || c.Title == "" || strings.HasSuffix(c.Title, ".") || c.Clause == "" && c != ProbMoreProblems {
			t.Errorf("%+v is incomplete", *c)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "problems.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		if v, ok := node.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Prob") {
			n++
		}
		return true
	})
	if n != len(Codes) {
		t.Errorf("%d codes are declared, %d are in Codes", n, len(Codes))
	}
}
