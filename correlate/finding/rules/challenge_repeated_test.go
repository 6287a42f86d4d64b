package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestChallengeRepeated(t *testing.T) {
	play := func(nonce string) (s *Scenario, first, second uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
		s.Ask(r)
		first = s.Answer(r, 401, Challenge("n1")) - 1
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1"})
		r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3, Nonce: "n1"}
		s.Ask(r)
		return s, first, s.Answer(r, 401, Challenge(nonce)) - 1
	}
	s, first, second := play("n1")
	expect.Fires(t, s, "challenge-repeated", "warning", second, first)
	s, _, _ = play("n2")
	expect.Silent(t, s, "challenge-repeated")
}
