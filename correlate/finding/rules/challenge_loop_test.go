package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestChallengeLoop(t *testing.T) {
	s := New(t)
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	s.Ask(r)
	s.Answer(r, 401, Challenge("n1"))
	var loop []uint32
	for i, n := range []string{"n1", "n2", "n3"} {
		r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2 + i, Nonce: n}
		s.Ask(r)
		loop = append(loop, s.Answer(r, 401, Challenge("n"+string('2'+rune(i))))-1)
	}
	expect.Fires(t, s, "challenge-loop", "error", loop...)

	// A refresh with the old nonce, challenged once, is how it should be.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	s.Ask(r)
	s.Answer(r, 401, Challenge("n2"))
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3, Nonce: "n2"})
	expect.Silent(t, s, "challenge-loop")
}
