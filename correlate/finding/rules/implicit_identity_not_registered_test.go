package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestImplicitIdentityNotRegistered(t *testing.T) {
	play := func(lir Cx, off bool) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		if off {
			d := Register{UE: UE1, Contact: Phone, CSeq: 2}
			s.Ask(d)
			s.Answer(d, 200, "")
		}
		s.Wait(time.Minute)
		return s, s.LIR(lir)
	}
	tel := Cx{Public: []string{AliceTel}, Experimental: 5003}
	s, f := play(tel, false)
	expect.Fires(t, s, "implicit-identity-not-registered", "warning", f+1, f)
	s, _ = play(tel, true)
	expect.Silent(t, s, "implicit-identity-not-registered")
	s, _ = play(Cx{Public: []string{AliceTel}, Result: 2001}, false)
	expect.Silent(t, s, "implicit-identity-not-registered")
}
