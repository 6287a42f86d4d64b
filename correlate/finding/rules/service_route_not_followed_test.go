package rules_test

import (
	"fmt"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestServiceRouteNotFollowed(t *testing.T) {
	play := func(route string, status int) (s *Scenario, registered, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}) // Service-Route: <sip:scscf.home1.net;lr>
		registered = s.Frame
		common := Via("x", UE1) + "From: <" + Alice + ">;tag=w\nTo: <" + Alice + ">\nCall-ID: s\nCSeq: 1 SUBSCRIBE\n"
		f = s.Send(UE1, PCSCF, "SUBSCRIBE "+Alice+" SIP/2.0\n"+common+route+"Event: reg\nContact: <"+Phone+">\n\n")
		s.Send(PCSCF, UE1, fmt.Sprintf("SIP/2.0 %d X\n%s\n", status, common))
		return s, registered, f
	}
	s, registered, f := play("Route: <sip:10.9.0.1:5060;lr>, <sip:other.home1.net;lr>\n", 403)
	expect.Fires(t, s, "service-route-not-followed", "warning", f, registered)
	s, registered, f = play("Route: <sip:10.9.0.1:5060;lr>\n", 200)
	expect.Fires(t, s, "service-route-not-followed", "info", f, registered)
	s, _, _ = play("Route: <sip:10.9.0.1:5060;lr>\nRoute: <sip:orig@SCSCF.home1.net:6060;lr>\n", 403)
	expect.Silent(t, s, "service-route-not-followed")
}
