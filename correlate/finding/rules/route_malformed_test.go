package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRouteMalformed(t *testing.T) {
	play := func(path, service string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Mw: "Path: " + path + "\n"}
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 200, "Service-Route: "+service+"\nContact: <"+Phone+">;expires=3600\n") - 1
	}
	const good = "<sip:orig@scscf.home1.net:6060;lr=on;x=lr>, <sip:lr@b.home1.net;lr>"
	s, asked, answered := play("<sip:pcscf.home1.net;lr;lr>", good)
	expect.Fires(t, s, "route-malformed", "warning", asked+1, answered)
	s, asked, answered = play(good, "<sip:scscf.home1.net;lr;LR=on>")
	expect.Fires(t, s, "route-malformed", "warning", asked+1, answered)
	s, asked, answered = play("<<sip:pcscf.home1.net;lr>>", good)
	expect.Fires(t, s, "route-malformed", "warning", asked+1, answered)
	s, _, _ = play(good, good)
	expect.Silent(t, s, "route-malformed")

	for where, r := range map[string]Register{ // in a REGISTER that loops
		"of the phone":  {UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Header: "Route: <sip:pcscf.home1.net;lr;lr>\n"},
		"of the P-CSCF": {UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Mw: "Route: " + good + ", <<sip:icscf.home1.net;lr>>\n"},
	} {
		s = New(t)
		asked = s.Ask(r)
		answered = s.Answer(r, 482, "") - 1
		if h := expect.Fires(t, s, "route-malformed", "warning", asked, answered); !strings.HasSuffix(h.Detail, "answered 482 X") {
			t.Errorf("%s: %s", where, h.Detail)
		}
	}

	s = watched(t) // in a SUBSCRIBE that loops
	asked, answered = s.Watches(Watch{CallID: "another", Header: "Route: <sip:orig@scscf.home1.net;lr;lr>\n", Status: 482})
	expect.Fires(t, s, "route-malformed", "warning", asked, answered)
}
