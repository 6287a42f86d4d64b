package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSARDeregWithoutRequest(t *testing.T) {
	play := func(ask bool, kind int32) (s *Scenario, f uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Wait(time.Minute)
		off := Register{UE: UE1, Contact: Phone, CSeq: 2}
		if ask {
			s.Ask(off)
		}
		f = s.SAR(Cx{Type: kind, Result: 2001})
		if ask {
			s.Answer(off, 200, "")
		}
		return s, f
	}
	for _, kind := range []int32{5, 7} {
		s, f := play(false, kind)
		expect.Fires(t, s, "sar-dereg-without-request", "warning", f)
		s, _ = play(true, kind)
		expect.Silent(t, s, "sar-dereg-without-request")
	}
	s, _ := play(false, 4)
	expect.Silent(t, s, "sar-dereg-without-request")
}
