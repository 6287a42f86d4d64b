package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRefreshTooLate(t *testing.T) {
	play := func(expires int, wait time.Duration) (s *Scenario, refresh, granted uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: 1})
		granted = s.Frame - 1
		s.Wait(wait)
		refresh = s.Frame + 1
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: 2})
		return s, refresh, granted
	}
	s, refresh, granted := play(3600, 3700*time.Second)
	expect.Fires(t, s, "refresh-too-late", "warning", refresh, granted)
	s, refresh, granted = play(3600, 3500*time.Second)
	expect.Fires(t, s, "refresh-too-late", "info", refresh, granted)
	for _, ok := range []struct {
		expires int
		wait    time.Duration
	}{{3600, 3005 * time.Second}, {1200, 600 * time.Second}, {25, 13 * time.Second}} {
		s, _, _ = play(ok.expires, ok.wait)
		expect.Silent(t, s, "refresh-too-late")
	}
}
