package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSARMissing(t *testing.T) {
	play := func(sar int32, tablet string) (s *Scenario, off uint32) {
		s = New(t)
		s.SAR(Cx{Type: 1, Result: 2001})
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		if tablet != "" {
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, IMPI: tablet})
		}
		d := Register{UE: UE1, Contact: Phone, CSeq: 2}
		off = s.Ask(d)
		if sar != 0 {
			s.SAR(Cx{Type: sar, Result: 2001})
		}
		s.Answer(d, 200, "")
		s.Wait(time.Minute)
		s.ThirdParty(Alice, 0, 200)
		return s, off
	}
	s, off := play(0, "")
	expect.Fires(t, s, "sar-missing", "warning", off)
	s, off = play(0, "tablet@home1.net") // another private identity stays, this one is gone
	expect.Fires(t, s, "sar-missing", "warning", off)
	s, _ = play(0, "alice@home1.net") // a second contact of the same one stays
	expect.Silent(t, s, "sar-missing")
	for _, sar := range []int32{5, 7} {
		s, _ = play(sar, "")
		expect.Silent(t, s, "sar-missing")
	}

	// Ended by the HSS itself.
	s = New(t)
	s.SAR(Cx{Type: 1, Result: 2001})
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.RTR(0, 2001)
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 0, 200)
	expect.Silent(t, s, "sar-missing")
}
