package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegistrationFailedAtHSS(t *testing.T) {
	play := func(uar Cx, status int) (s *Scenario, asked, cx, refused uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		asked = s.Ask(r)
		cx = s.UAR(uar)
		return s, asked, cx, s.Answer(r, status, "") - 1
	}
	s, asked, cx, refused := play(Cx{Result: 3004}, 504)
	expect.Fires(t, s, "registration-failed-at-hss", "error", cx+1, cx, refused, asked)
	expect.Silent(t, s, "register-rejected")
	s, asked, cx, refused = play(Cx{Result: 3004}, 504)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2})
	expect.Fires(t, s, "registration-failed-at-hss", "warning", cx+1, cx, refused, asked)
	s, _, _, _ = play(Cx{Experimental: 2001}, 504)
	expect.Silent(t, s, "registration-failed-at-hss")
}
