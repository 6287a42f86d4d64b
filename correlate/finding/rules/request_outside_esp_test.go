package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRequestOutsideESP(t *testing.T) {
	play := func(register, notify uint32, off bool) (s *Scenario, asked, told uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		s.InESP(register)
		asked = s.AskOver(r, UE1, PCSCF)
		s.InESP(0)
		s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
		s.InESP(register)
		s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", PCSCF, UE1)
		s.Subscribe(UE1, Phone)
		if off {
			s.AskOver(Register{UE: UE1, Contact: Phone, CSeq: 2}, UE1, PCSCF)
		}
		s.InESP(notify)
		told = s.NotifyOver(UE1, "active;expires=9", 0, "full", Both("active", "1 active registered "+Phone), SCSCF, PCSCF, UE1)
		return s, asked, told + 1
	}
	s, asked, told := play(201, 0, false)
	expect.Fires(t, s, "request-outside-esp", "error", told, asked)
	s, _, _ = play(201, 101, false)
	expect.Silent(t, s, "request-outside-esp")
	s, _, _ = play(0, 0, false)
	expect.Silent(t, s, "request-outside-esp")
	s, _, _ = play(201, 0, true) // the associations are on their way out
	expect.Silent(t, s, "request-outside-esp")

	call := func(spi uint32, status int) (s *Scenario, asked, called uint32) {
		s, asked, _ = play(201, 101, false)
		s.InESP(spi)
		called, _ = s.Call(status, PCSCF, UE1)
		return s, asked, called
	}
	s, asked, called := call(0, 408)
	if h := expect.Fires(t, s, "request-outside-esp", "error", called, asked); h.Detail != "INVITE to UE is not in ESP" {
		t.Error(h.Detail)
	}
	s, _, _ = call(101, 408)
	expect.Silent(t, s, "request-outside-esp")
}
