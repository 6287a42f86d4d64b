package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNoChallengeAfterRTR(t *testing.T) {
	play := func(challenged bool) (s *Scenario, rtr, back uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		rtr = s.RTR(2, 2001)
		s.Wait(time.Second)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"}
		if challenged {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n7"))
			r.CSeq, r.Nonce = 2, "n7"
		}
		back = s.Frame + 1
		s.Registered(r)
		return s, rtr, back
	}
	s, rtr, back := play(false)
	expect.Fires(t, s, "no-challenge-after-rtr", "warning", back+2, back, rtr)
	s, _, _ = play(true)
	expect.Silent(t, s, "no-challenge-after-rtr")
}
