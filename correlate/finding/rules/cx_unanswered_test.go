package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestCxUnanswered(t *testing.T) {
	play := func(others bool, sar Cx, wait time.Duration) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		if others {
			s.SAR(Cx{Type: 1, Result: 2001})
		}
		f = s.SAR(sar)
		s.Wait(wait)
		s.ThirdParty(Alice, 3600, 200)
		return s, f
	}
	s, f := play(true, Cx{Type: 5}, time.Minute)
	expect.Fires(t, s, "cx-unanswered", "warning", f)
	s, f = play(false, Cx{Type: 5}, time.Minute)
	expect.Fires(t, s, "cx-unanswered", "info", f)
	// The REGISTER goes on: the S-CSCF must have had the answer.
	s = New(t)
	s.MAR(Cx{Result: 2001})
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s.Ask(r)
	f = s.SAR(Cx{Type: 1})
	s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "cx-unanswered", "info", f)

	s, _ = play(true, Cx{Type: 5}, time.Second)
	expect.Silent(t, s, "cx-unanswered")
	s, _ = play(true, Cx{Type: 5, Result: 2001}, time.Minute)
	expect.Silent(t, s, "cx-unanswered")
}
