package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestASNotTold(t *testing.T) {
	play := func(tell, wait bool) (s *Scenario, third, off uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		third = s.ThirdParty(Alice, 3600, 200)
		d := Register{UE: UE1, Contact: Phone, CSeq: 2}
		off = s.Ask(d)
		s.Answer(d, 200, "")
		if tell {
			s.ThirdParty(Alice, 0, 200)
		}
		if wait {
			s.Wait(time.Minute)
		}
		s.Send(UE2, PCSCF, "OPTIONS sip:x SIP/2.0\n"+Via("o", UE2)+"From: <sip:x@y>;tag=1\nTo: <sip:x>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
		return s, third, off
	}
	s, third, off := play(false, true)
	expect.Fires(t, s, "as-not-told", "warning", off, third)
	s, third, off = play(false, false)
	expect.Fires(t, s, "as-not-told", "info", off, third)
	s, _, _ = play(true, true)
	expect.Silent(t, s, "as-not-told")

	// It expires, and the S-CSCF's clock is ahead.
	for _, wait := range []time.Duration{597 * time.Second, 650 * time.Second} {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1})
		s.ThirdParty(Alice, 600, 200)
		s.Wait(wait)
		s.ThirdParty(Alice, 0, 200)
		idle(s, 200*time.Second)
		expect.Silent(t, s, "as-not-told")
	}

	// Another machine of the same server is told.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.ThirdParty(Alice, 3600, 200)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.ThirdPartyTo("10.9.0.6:5060", Alice, 0, 200)
	idle(s, time.Minute)
	expect.Silent(t, s, "as-not-told")

	// The identity stays registered with another device.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1})
	s.ThirdParty(Alice, 3600, 200)
	d := Register{UE: UE1, Contact: Phone, CSeq: 2}
	s.Ask(d)
	s.Answer(d, 200, "")
	s.Wait(time.Minute)
	s.ThirdParty(AliceTel, 3600, 200)
	expect.Silent(t, s, "as-not-told")
}
