package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAUTSNotForwarded(t *testing.T) {
	play := func(mar func(s *Scenario) uint32) (s *Scenario, asked, cx uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
		s.Ask(r)
		s.MAR(Cx{Result: 2001})
		s.Answer(r, 401, Challenge("n1"))
		r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Auth: `, auts="5PYxAuBOhQwPwkMIGV8="`}
		asked = s.Ask(r)
		cx = mar(s)
		s.Answer(r, 401, Challenge("n2"))
		return s, asked, cx
	}
	s, asked, cx := play(func(s *Scenario) uint32 { return s.MAR(Cx{Result: 2001}) })
	expect.Fires(t, s, "auts-not-forwarded", "error", cx, asked)

	s, asked, _ = play(func(s *Scenario) uint32 { return 0 })
	expect.Fires(t, s, "auts-not-forwarded", "error", asked)

	s, _, _ = play(func(s *Scenario) uint32 { return s.MAR(Cx{Resync: true, Result: 2001}) })
	expect.Silent(t, s, "auts-not-forwarded")
}
