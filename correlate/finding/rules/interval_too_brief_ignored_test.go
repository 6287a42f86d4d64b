package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestIntervalTooBriefIgnored(t *testing.T) {
	play := func(again int) (s *Scenario, refused, next uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1}
		s.Ask(r)
		refused = s.Answer(r, 423, "Min-Expires: 3600\n") - 1
		r.CSeq, r.Expires = 2, again
		return s, refused, s.Ask(r)
	}
	s, refused, next := play(600)
	expect.Fires(t, s, "interval-too-brief-ignored", "warning", next, refused)
	s, _, _ = play(3600)
	expect.Silent(t, s, "interval-too-brief-ignored")
	s, _, _ = play(0) // it gives up and leaves
	expect.Silent(t, s, "interval-too-brief-ignored")
}
