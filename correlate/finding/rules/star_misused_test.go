package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestStarMisused(t *testing.T) {
	play := func(r Register) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r.UE, r.CSeq = UE1, 1
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 400, "") - 1
	}
	s, asked, answered := play(Register{Star: true, Expires: 3600})
	expect.Fires(t, s, "star-misused", "error", asked, answered)
	s, asked, answered = play(Register{Star: true, NoExpires: true})
	expect.Fires(t, s, "star-misused", "error", asked, answered)
	expect.Silent(t, s, "register-rejected")
	s, asked, answered = play(Register{ContactLine: "Contact: *, <" + Phone + ">\n"})
	expect.Fires(t, s, "star-misused", "error", asked, answered)
	expect.Silent(t, s, "dereg-rejected") // which need not guess why
	s, _, _ = play(Register{Star: true})
	expect.Silent(t, s, "star-misused")
}
