package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRetransmitted(t *testing.T) {
	play := func(gaps ...time.Duration) (s *Scenario, again []uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		s.AskOver(r, UE1, PCSCF)
		for _, g := range gaps {
			s.Wait(g)
			again = append(again, s.AskAgain(r, UE1, PCSCF))
		}
		s.AnswerOver(r, 200, "", PCSCF, UE1)
		return s, again
	}
	const ms = time.Millisecond
	s, again := play(500*ms, 1000*ms)
	expect.Fires(t, s, "retransmitted", "info", again...)
	s, again = play(500*ms, 1000*ms, 2000*ms, 4000*ms)
	expect.Fires(t, s, "retransmitted", "warning", again...)
	s, _ = play()
	expect.Silent(t, s, "retransmitted")
	s, _ = play(0) // the same packet, captured twice
	expect.Silent(t, s, "retransmitted")
}
