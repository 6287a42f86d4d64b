package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestASRefusesRegister(t *testing.T) {
	play := func(status int) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.ThirdParty(AliceTel, 3600, 200)
		f = s.ThirdParty(Alice, 3600, status)
		s.Wait(time.Minute)
		s.Subscribe(UE1, Phone)
		return s, f
	}
	s, f := play(404)
	expect.Fires(t, s, "as-refuses-register", "warning", f+1, f)
	s, f = play(0)
	expect.Fires(t, s, "as-refuses-register", "warning", f)
	s, _ = play(200)
	expect.Silent(t, s, "as-refuses-register")
}
