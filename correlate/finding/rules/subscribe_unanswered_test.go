package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeUnanswered(t *testing.T) {
	subscribe := "SUBSCRIBE " + Alice + " SIP/2.0\n" + Via("x", PCSCF) + "From: <sip:pcscf.home1.net>;tag=p\nTo: <" + Alice + ">\nCall-ID: p\nCSeq: 1 SUBSCRIBE\nEvent: reg\nExpires: 600001\nContact: <sip:pcscf.home1.net>\n\n"
	play := func(d time.Duration) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Subscribe(UE1, Phone)
		f = s.Send(PCSCF, SCSCF, subscribe)
		s.Wait(d)
		s.ThirdParty(Alice, 3600, 200)
		return s, f
	}
	s, f := play(40 * time.Second)
	expect.Fires(t, s, "subscribe-unanswered", "warning", f)
	s, f = play(10 * time.Second)
	expect.Fires(t, s, "subscribe-unanswered", "info", f)
	s, _ = play(time.Second)
	expect.Silent(t, s, "subscribe-unanswered")

	s = New(t)
	s.Subscribe(UE1, Phone)
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Silent(t, s, "subscribe-unanswered")
}
