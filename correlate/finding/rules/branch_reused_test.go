package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestBranchReused(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	next := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1"}
	s := New(t)
	f := s.AskOver(r, UE1, PCSCF)
	s.AnswerOver(r, 401, Challenge("n1"), PCSCF, UE1)
	g := s.AskAgain(next, UE1, PCSCF)
	s.AnswerOver(next, 401, Challenge("n1"), PCSCF, UE1)
	expect.Fires(t, s, "branch-reused", "warning", g, f)

	s = New(t)
	s.AskOver(r, UE1, PCSCF)
	s.Wait(1e9)
	s.AskAgain(r, UE1, PCSCF) // a retransmission
	s.AnswerOver(r, 401, Challenge("n1"), PCSCF, UE1)
	s.AskOver(next, UE1, PCSCF)
	expect.Silent(t, s, "branch-reused")
}
