package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterURIMalformed(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, RequestURI: "sip:[172.16.0.101:5060]"}
	s := New(t)
	f := s.Ask(r)
	at := s.Answer(r, 502, "")
	expect.Fires(t, s, "register-uri-malformed", "error", f, at-1)
	expect.Silent(t, s, "register-rejected")

	r = Register{UE: UE1, Contact: "sip:alice@home1.net@10.0.0.1:5060", Expires: 3600, CSeq: 1}
	s = New(t)
	f = s.Ask(r)
	s.Answer(r, 200, "")
	expect.Fires(t, s, "register-uri-malformed", "warning", f)

	r = Register{UE: UE1, Contact: "sip:a;x=@[2001:db8::1]:5060;ob", Expires: 3600, CSeq: 1, RequestURI: "sip:[2001:db8::2]:5060;lr"}
	s = New(t)
	s.Registered(r)
	expect.Silent(t, s, "register-uri-malformed")

	for _, r := range []Register{ // IPv6 without brackets
		{Contact: "sip:alice@2001:db8::a"}, {Contact: "sip:alice@2001:db8::a:5060"}, {Contact: Phone, RequestURI: "sip:2001:db8::1"},
	} {
		r.UE, r.Expires, r.CSeq = UE1, 3600, 1
		s = New(t)
		f = s.Ask(r)
		at = s.Answer(r, 400, "")
		expect.Fires(t, s, "register-uri-malformed", "error", f, at-1)
	}
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: "sip:alice:pw@10.0.0.1:5060;x=a:b:c", Expires: 3600, CSeq: 1})
	expect.Silent(t, s, "register-uri-malformed")
}
