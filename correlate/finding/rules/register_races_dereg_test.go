package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterRacesDereg(t *testing.T) {
	play := func(wait time.Duration, status int) (s *Scenario, off, asked, answered uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		d := Register{UE: UE1, Contact: Phone, CSeq: 2}
		off = s.Ask(d)
		s.Answer(d, 200, "")
		s.Wait(wait)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "new"}
		asked = s.AskOver(r, UE1, PCSCF)
		return s, off, asked, s.AnswerOver(r, status, "", PCSCF, UE1)
	}
	s, off, asked, answered := play(4*time.Second, 500)
	expect.Fires(t, s, "register-races-dereg", "warning", answered, asked, off)
	expect.Silent(t, s, "register-rejected")
	s, _, _, _ = play(time.Minute, 500)
	expect.Silent(t, s, "register-races-dereg")
	s, _, _, _ = play(4*time.Second, 403)
	expect.Silent(t, s, "register-races-dereg")

	// The granted time is over, and nothing tells it yet.
	lapsed := func(late time.Duration) (s *Scenario, asked, answered, granted uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 60, CSeq: 1})
		granted = s.Frame - 1
		s.Wait(time.Minute + late)
		r := Register{UE: UE1, Contact: Phone, Expires: 60, CSeq: 2}
		asked = s.AskOver(r, UE1, PCSCF)
		answered = s.AnswerOver(r, 500, "", PCSCF, UE1)
		idle(s, time.Minute)
		return s, asked, answered, granted
	}
	s, asked, answered, granted := lapsed(5 * time.Second)
	expect.Fires(t, s, "register-races-dereg", "warning", answered, asked, granted)
	expect.Silent(t, s, "register-rejected")
	s, _, _, _ = lapsed(30 * time.Second)
	expect.Silent(t, s, "register-races-dereg")
	s, _, _, _ = lapsed(-10 * time.Second)
	expect.Silent(t, s, "register-races-dereg")
}
