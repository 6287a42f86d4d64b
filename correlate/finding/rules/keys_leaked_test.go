package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestKeysLeaked(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	keys := strings.TrimSuffix(Challenge("n1"), "\n") + `, ck="b40ba9a3c58b2a05bbf0d987b21bf8cb", ik="f769bcd751044604127672711c6d3441"` + "\n"
	s := New(t)
	s.Ask(r)
	f := s.Answer(r, 401, keys)
	expect.Fires(t, s, "keys-leaked", "error", f)

	// On Mw the keys are where they belong.
	s = New(t)
	s.Ask(r)
	s.AnswerOver(r, 401, keys, SCSCF, PCSCF)
	s.AnswerOver(r, 401, Challenge("n1"), PCSCF, UE1)
	expect.Silent(t, s, "keys-leaked")

	// Nor is the P-CSCF's own REGISTER a leak.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	own := Register{UE: PCSCF, Contact: Phone, CSeq: 1}
	s.AskOver(own, PCSCF, SCSCF)
	s.AnswerOver(own, 401, keys, SCSCF, PCSCF)
	expect.Silent(t, s, "keys-leaked")
}
