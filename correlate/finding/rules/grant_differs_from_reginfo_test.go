package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestGrantDiffersFromReginfo(t *testing.T) {
	play := func(wait time.Duration, expires string) (s *Scenario, granted, told uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		granted = s.Frame - 1
		s.Subscribe(UE1, Phone)
		s.Wait(wait)
		return s, granted, s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone+" "+expires))
	}
	s, granted, told := play(0, "4000")
	expect.Fires(t, s, "grant-differs-from-reginfo", "info", told, granted)
	s, _, _ = play(time.Second, "3599")
	expect.Silent(t, s, "grant-differs-from-reginfo")
	s, _, _ = play(time.Hour/2, "1800")
	expect.Silent(t, s, "grant-differs-from-reginfo")
}
