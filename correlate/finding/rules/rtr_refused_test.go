package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRTRRefused(t *testing.T) {
	play := func(result uint32) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		return s, s.RTR(2, result)
	}
	s, f := play(5012)
	expect.Fires(t, s, "rtr-refused", "warning", f+1, f)
	for _, result := range []uint32{2001, 0} {
		s, _ = play(result)
		expect.Silent(t, s, "rtr-refused")
	}
}
