package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestUARTypeMismatch(t *testing.T) {
	play := func(expires int, kind int32, status int) (s *Scenario, asked, cx uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		r := Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: 2}
		asked = s.Ask(r)
		cx = s.UAR(Cx{Type: kind, Result: 2001})
		s.Answer(r, status, "")
		return s, asked, cx
	}
	s, asked, cx := play(3600, 1, 200)
	expect.Fires(t, s, "uar-type-mismatch", "warning", cx, asked)
	s, asked, cx = play(0, 0, 403)
	expect.Fires(t, s, "uar-type-mismatch", "warning", cx, asked)
	s, asked, cx = play(0, -1, 200)
	expect.Fires(t, s, "uar-type-mismatch", "info", cx, asked)
	for _, ok := range [][2]int{{3600, 0}, {3600, 2}, {3600, -1}, {0, 1}} {
		s, _, _ = play(ok[0], int32(ok[1]), 200)
		expect.Silent(t, s, "uar-type-mismatch")
	}
}
