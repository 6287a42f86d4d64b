package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestPathNotEchoed(t *testing.T) {
	const path = "Path: <sip:term@pcscf.home1.net;lr>\n"
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Mw: path}
	s := New(t)
	f := s.Ask(r)
	at := s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
	expect.Fires(t, s, "path-not-echoed", "warning", at-1, f+1)

	s = New(t)
	s.Ask(r)
	s.Answer(r, 200, path+"Contact: <"+Phone+">;expires=3600\n")
	expect.Silent(t, s, "path-not-echoed")

	// On Gm alone the P-CSCF may have taken it out.
	s = New(t)
	s.AskOver(r, UE1, PCSCF)
	s.AnswerOver(r, 200, "", PCSCF, UE1)
	expect.Silent(t, s, "path-not-echoed")
}
