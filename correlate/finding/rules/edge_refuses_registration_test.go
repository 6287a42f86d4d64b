package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEdgeRefusesRegistration(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	s.Ask(r)
	ok := s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	f := s.AnswerOver(r, 403, "", PCSCF, UE1)
	expect.Fires(t, s, "edge-refuses-registration", "error", f, ok)

	// The registrar's own refusal.
	s = New(t)
	s.Ask(r)
	s.Answer(r, 403, "")
	expect.Silent(t, s, "edge-refuses-registration")

	// A late 408 beside the 200.
	s = New(t)
	s.Ask(r)
	s.AnswerOver(r, 408, "", PCSCF, UE1)
	s.AnswerOver(r, 200, "", SCSCF, PCSCF)
	expect.Silent(t, s, "edge-refuses-registration")
}
