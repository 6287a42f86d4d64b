package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegistrarLostState(t *testing.T) {
	refresh := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	play := func(wait time.Duration) *Scenario {
		s := New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Wait(wait)
		return s
	}
	s := play(30 * time.Minute)
	f := s.Ask(refresh)
	at := s.Answer(refresh, 500, "")
	expect.Fires(t, s, "registrar-lost-state", "warning", f, at-1)
	expect.Silent(t, s, "register-rejected")

	s = play(30 * time.Minute)
	f = s.Ask(refresh)
	s.UAR(Cx{Experimental: 2001})
	at = s.Answer(refresh, 200, "Contact: <"+Phone+">;expires=3600\n")
	expect.Fires(t, s, "registrar-lost-state", "warning", f, at-1)

	s = play(2 * time.Hour) // it had run out
	s.Ask(refresh)
	s.UAR(Cx{Experimental: 2001})
	s.Answer(refresh, 500, "")
	expect.Silent(t, s, "registrar-lost-state")

	s = play(30 * time.Minute)
	s.Ask(refresh)
	s.UAR(Cx{Experimental: 2002})
	s.Answer(refresh, 200, "Contact: <"+Phone+">;expires=3600\n")
	expect.Silent(t, s, "registrar-lost-state")

	s = play(30 * time.Minute) // the device has removed it by then
	s.Ask(refresh)
	off := Register{UE: UE1, Contact: Phone, CSeq: 3}
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Answer(refresh, 500, "")
	expect.Silent(t, s, "registrar-lost-state")
	expect.Silent(t, s, "register-rejected")
}
