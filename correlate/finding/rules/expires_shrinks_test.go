package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestExpiresShrinks(t *testing.T) {
	play := func(expires ...int) (s *Scenario, frames []uint32) {
		s = New(t)
		for i, e := range expires {
			frames = append(frames, s.Frame+1)
			s.Registered(Register{UE: UE1, Contact: Phone, Expires: e, CSeq: i + 1})
			s.Wait(time.Minute)
		}
		return s, frames
	}
	s, frames := play(3600, 3590, 3580, 3570, 3560)
	expect.Fires(t, s, "expires-shrinks", "warning", frames...)
	s, _ = play(3600, 3590, 3600, 3590, 3580, 3570)
	expect.Silent(t, s, "expires-shrinks")
	s, _ = play(3600, 3600, 3600, 3600, 3600)
	expect.Silent(t, s, "expires-shrinks")
}
