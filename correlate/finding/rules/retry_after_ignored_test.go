package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRetryAfterIgnored(t *testing.T) {
	play := func(wait time.Duration) (s *Scenario, refused, again uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		s.Ask(r)
		refused = s.Answer(r, 503, "Retry-After: 120 (overload)\n")
		s.Wait(wait)
		r.CSeq = 2
		return s, refused, s.Ask(r)
	}
	s, refused, again := play(4 * time.Second)
	expect.Fires(t, s, "retry-after-ignored", "warning", again, refused)
	s, _, _ = play(2 * time.Minute)
	expect.Silent(t, s, "retry-after-ignored")
}
