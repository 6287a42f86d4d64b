package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestDeregRefusedByHSS(t *testing.T) {
	play := func(uar Cx) (s *Scenario, asked, cx, refused uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		off := Register{UE: UE1, Contact: Phone, CSeq: 2}
		asked = s.Ask(off)
		cx = s.UAR(uar)
		return s, asked, cx, s.Answer(off, 480, "") - 1
	}
	s, asked, cx, refused := play(Cx{Type: 1, Experimental: 5003})
	expect.Fires(t, s, "dereg-refused-by-hss", "warning", cx+1, cx, refused, asked)
	expect.Silent(t, s, "dereg-rejected")
	s, _, _, _ = play(Cx{Type: 1, Result: 2001})
	expect.Silent(t, s, "dereg-refused-by-hss")
}
