package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRefusedByHSS(t *testing.T) {
	play := func(uar Cx, status int) (s *Scenario, asked, cx, refused uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		asked = s.Ask(r)
		cx = s.UAR(uar)
		return s, asked, cx, s.Answer(r, status, Challenge("n")) - 1
	}
	for _, code := range []uint32{5001, 5002, 5004} {
		s, asked, cx, refused := play(Cx{Experimental: code}, 403)
		expect.Fires(t, s, "refused-by-hss", "error", cx+1, cx, refused, asked)
		expect.Silent(t, s, "register-rejected")
		expect.Silent(t, s, "forbidden-hides-hss-failure")
	}
	s, _, _, _ := play(Cx{Result: 5012}, 403) // no decision
	expect.Silent(t, s, "refused-by-hss")
	s, _, _, _ = play(Cx{Experimental: 2001}, 403) // the refusal is the S-CSCF's
	expect.Silent(t, s, "refused-by-hss")
	s, _, _, _ = play(Cx{Experimental: 5001, IMPI: "other@home1.net"}, 403) // about somebody else
	expect.Silent(t, s, "refused-by-hss")
}
