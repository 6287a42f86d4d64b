package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisteredAfterPermanentTermination(t *testing.T) {
	play := func(reason uint32, wait time.Duration) (s *Scenario, rtr, ok uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		rtr = s.RTR(reason, 2001)
		s.Wait(wait)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2})
		return s, rtr, s.Frame - 1
	}
	s, rtr, ok := play(0, 3*time.Second)
	expect.Fires(t, s, "registered-after-permanent-termination", "info", ok, rtr)
	s, _, _ = play(0, 2*time.Hour)
	expect.Silent(t, s, "registered-after-permanent-termination")
	s, _, _ = play(2, 3*time.Second)
	expect.Silent(t, s, "registered-after-permanent-termination")
}
