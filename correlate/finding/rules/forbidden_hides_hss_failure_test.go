package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestForbiddenHidesHSSFailure(t *testing.T) {
	play := func(sar Cx, status int) (s *Scenario, asked, cx, refused uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		s.MAR(Cx{Result: 2001})
		asked = s.Ask(r)
		cx = s.SAR(sar)
		return s, asked, cx, s.Answer(r, status, "") - 1
	}
	s, asked, cx, refused := play(Cx{Type: 1, Result: 3002}, 403)
	expect.Fires(t, s, "forbidden-hides-hss-failure", "error", cx+1, cx, refused, asked)
	expect.Silent(t, s, "register-rejected")
	s, asked, cx, refused = play(Cx{Type: 1}, 403) // no answer
	expect.Fires(t, s, "forbidden-hides-hss-failure", "error", cx, refused, asked)
	s, _, _, _ = play(Cx{Type: 1, Result: 3002}, 504)
	expect.Silent(t, s, "forbidden-hides-hss-failure")
	s, _, _, _ = play(Cx{Type: 1, Experimental: 5001}, 403)
	expect.Silent(t, s, "forbidden-hides-hss-failure")

	// Another user's answer shows that the capture has what the HSS says.
	for _, result := range []uint32{2001, 0} {
		s = New(t)
		s.UAR(Cx{Type: 0, Public: []string{"sip:bob@home1.net"}, IMPI: "bob@home1.net", Result: result})
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		asked = s.Ask(r)
		cx = s.UAR(Cx{Type: 0})
		refused = s.Answer(r, 403, "") - 1
		if result == 0 {
			expect.Silent(t, s, "forbidden-hides-hss-failure")
			continue
		}
		expect.Fires(t, s, "forbidden-hides-hss-failure", "error", cx, refused, asked)
	}
}
