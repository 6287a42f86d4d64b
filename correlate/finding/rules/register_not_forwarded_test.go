package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterNotForwarded(t *testing.T) {
	first := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	second := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1"}
	s := New(t)
	s.Ask(first)
	s.Answer(first, 401, Challenge("n1"))
	s.InESP(201)
	a := s.AskOver(second, UE1, PCSCF)
	s.Wait(time.Second)
	b := s.AskAgain(second, UE1, PCSCF)
	s.Wait(5 * time.Second)
	d := s.AskAgain(second, UE1, PCSCF)
	expect.Fires(t, s, "register-not-forwarded", "error", a, b, d)
	expect.Silent(t, s, "register-unanswered") // one word is enough

	// Over UDP the device would have repeated it.
	s = New(t)
	s.OverUDP(true)
	s.Ask(first)
	s.Answer(first, 401, Challenge("n1"))
	a = s.AskOver(second, UE1, PCSCF)
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "register-not-forwarded", "info", a)

	// The capture shows Gm alone.
	s = New(t)
	s.AskOver(first, UE1, PCSCF)
	s.AnswerOver(first, 401, Challenge("n1"), PCSCF, UE1)
	s.AskOver(second, UE1, PCSCF)
	s.Wait(5 * time.Second)
	s.AskAgain(second, UE1, PCSCF)
	expect.Silent(t, s, "register-not-forwarded")

	// The P-CSCF refuses by itself.
	s = New(t)
	s.Ask(first)
	s.Answer(first, 401, Challenge("n1"))
	s.AskOver(second, UE1, PCSCF)
	s.AnswerOver(second, 403, "", PCSCF, UE1)
	s.Wait(5 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Silent(t, s, "register-not-forwarded")
}
