package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSARFailed(t *testing.T) {
	play := func(sar Cx, status int) (s *Scenario, cx uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		off := Register{UE: UE1, Contact: Phone, CSeq: 2}
		s.Ask(off)
		cx = s.SAR(sar)
		s.Answer(off, status, "")
		return s, cx
	}
	s, cx := play(Cx{Type: 5, Experimental: 5001}, 200)
	expect.Fires(t, s, "sar-failed", "warning", cx+1, cx)
	s, _ = play(Cx{Type: 5, Experimental: 5001}, 500)
	expect.Silent(t, s, "sar-failed")
	s, _ = play(Cx{Type: 5, Experimental: 2004}, 200)
	expect.Silent(t, s, "sar-failed")
}
