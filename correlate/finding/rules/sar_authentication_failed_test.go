package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSARAuthenticationFailed(t *testing.T) {
	play := func(kind int32) (s *Scenario, f uint32) {
		s = New(t)
		s.Ask(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		return s, s.SAR(Cx{Type: kind, Result: 2001})
	}
	for _, kind := range []int32{9, 10, 11} {
		s, f := play(kind)
		expect.Fires(t, s, "sar-authentication-failed", "warning", f)
	}
	for _, kind := range []int32{8, 12} {
		s, _ := play(kind)
		expect.Silent(t, s, "sar-authentication-failed")
	}
}
