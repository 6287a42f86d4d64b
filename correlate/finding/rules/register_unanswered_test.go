package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterUnanswered(t *testing.T) {
	first := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	refresh := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	s := New(t)
	s.Registered(first)
	f := s.Ask(refresh)
	s.Wait(40 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "error", f+1, f)

	s = New(t)
	s.Registered(first)
	f = s.Ask(refresh)
	s.Wait(32 * time.Second)
	a := s.AnswerOver(refresh, 408, "", PCSCF, UE1)
	expect.Fires(t, s, "register-unanswered", "error", f+1, a, f)

	s = New(t)
	s.Registered(first)
	f = s.Ask(refresh)
	s.Wait(4 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "warning", f+1, f) // the capture ends too soon

	// No response to anything: the capture may show one direction only, unless the device repeats itself.
	s = New(t)
	f = s.Ask(refresh)
	s.Wait(40 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "info", f+1, f)
	s = New(t)
	f = s.AskOver(refresh, UE1, PCSCF)
	for range 3 {
		s.Wait(2 * time.Second)
		s.AskAgain(refresh, UE1, PCSCF)
	}
	s.Wait(40 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "error", f)

	// Over UDP somebody would have repeated it.
	s = New(t)
	s.OverUDP(true)
	s.Registered(first)
	f = s.Ask(refresh)
	s.Wait(40 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "info", f+1, f)

	s = New(t)
	s.Registered(first)
	s.Ask(refresh)
	expect.Silent(t, s, "register-unanswered")

	s = New(t)
	s.Registered(first)
	off := Register{UE: UE1, Contact: Phone, CSeq: 2}
	f = s.Ask(off)
	s.Wait(40 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-unanswered", "warning", f+1, f) // the device is off anyway
}
