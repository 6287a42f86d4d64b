package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoUnregisteredWithoutRequest(t *testing.T) {
	const code = "reginfo-unregistered-without-request"
	told := Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone), State: "terminated"}

	s := watched(t)
	rtr := s.RTR(0, 2001)
	f := s.Tells(told)
	expect.Fires(t, s, code, "warning", f, rtr)

	s = watched(t) // no trigger in sight
	f = s.Tells(told)
	expect.Fires(t, s, code, "warning", f)

	// One document ends two contacts, one because another of the device took its place.
	const instance = ";+sip.instance=\"<urn:gsma:imei:35000000-000000-0>\";expires="
	s = New(t)
	for i, port := range []string{"5060", "5072"} {
		s.Registered(Register{UE: "10.0.0.1:" + port, Contact: "sip:alice@10.0.0.1:" + port, ContactLine: "Contact: <sip:alice@10.0.0.1:" + port + ">" + instance + "600\n", CSeq: 1, Expires: 600})
		if i == 0 {
			s.Watches(Watch{})
			s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
		}
	}
	f = s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone, "2 terminated unregistered sip:alice@10.0.0.1:5072")})
	idle(s, time.Minute)
	if n := len(s.Close().Deregistrations); n != 2 {
		t.Fatalf("%d de-registrations", n)
	}
	expect.Fires(t, s, code, "warning", f)

	s = watched(t)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(told)
	expect.Silent(t, s, code)

	s = New(t) // the capture begins in the middle: the REGISTER may have come before it
	s.Watches(Watch{InDialog: true})
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
	s.Tells(told)
	expect.Silent(t, s, code)
}
