package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAnswerOutsideESP(t *testing.T) {
	play := func(request, answer uint32) (s *Scenario, asked, answered uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		off := Register{UE: UE1, Contact: Phone, CSeq: 2}
		s.InESP(request)
		asked = s.AskOver(off, UE1, PCSCF)
		s.InESP(0)
		s.AnswerOver(off, 200, "", SCSCF, PCSCF)
		s.InESP(answer)
		answered = s.AnswerOver(off, 200, "", PCSCF, UE1)
		s.Wait(time.Second)
		s.InESP(request)
		s.AskAgain(off, UE1, PCSCF)
		return s, asked, answered
	}
	s, asked, answered := play(201, 0)
	expect.Fires(t, s, "answer-outside-esp", "error", answered, asked)
	s, _, _ = play(201, 100)
	expect.Silent(t, s, "answer-outside-esp")
	s, _, _ = play(0, 0) // captured inside the P-CSCF, behind its IPsec
	expect.Silent(t, s, "answer-outside-esp")
}
