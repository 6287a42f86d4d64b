package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterLoop(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	f := s.AskOver(r, UE1, PCSCF, ICSCF, PCSCF)
	at := s.AnswerOver(r, 482, "", PCSCF, UE1)
	if h := expect.Fires(t, s, "register-loop", "error", at, f); !strings.Contains(h.Detail, "twice at P-CSCF") {
		t.Errorf("detail %q", h.Detail)
	}
	s = New(t)
	s.Ask(r)
	s.Answer(r, 480, "")
	expect.Silent(t, s, "register-loop")
}
