package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeIgnoresServiceRoute(t *testing.T) {
	const code = "subscribe-ignores-service-route"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}

	s := New(t)
	s.Registered(phone) // with Service-Route: <sip:scscf.home1.net;lr>
	answer := s.Frame - 1
	ask, _ := s.Watches(Watch{By: PCSCF, Status: 404})
	expect.Fires(t, s, code, "warning", ask, answer)

	s = New(t)
	s.Registered(phone)
	s.Watches(Watch{By: PCSCF}) // by way of the I-CSCF, and it works
	s.Watches(Watch{By: PCSCF, CallID: "b", Status: 403, Header: "Route: <sip:pcscf.home1.net;lr>, <sip:orig@scscf.home1.net:6060;lr>\n"})
	s.Watches(Watch{Status: 480}) // the phone's is not this rule's
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
