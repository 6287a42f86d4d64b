package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRefreshDidNotExtend(t *testing.T) {
	play := func(rest time.Duration) (s *Scenario, first, second, end uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		first = s.Frame - 1
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
		s.Wait(50 * time.Minute)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2})
		second = s.Frame - 1
		s.Wait(rest)
		return s, first, second, s.Notify(UE1, 1, "full", Both("terminated", "1 terminated deactivated "+Phone))
	}
	s, first, second, end := play(10 * time.Minute)
	expect.Fires(t, s, "refresh-did-not-extend", "error", end, first, second)
	s, _, _, _ = play(20 * time.Minute)
	expect.Silent(t, s, "refresh-did-not-extend")

	// The security association's lifetime is the registration's and 30 s.
	sweep := func(after time.Duration) (s *Scenario, first, second, end uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1})
		first = s.Frame - 1
		s.Wait(5 * time.Minute)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 2})
		second = s.Frame - 1
		s.Wait(5*time.Minute + after)
		own := Register{UE: PCSCF, Contact: Phone, CSeq: 1, Auth: `, integrity-protected="ip-assoc-yes"`}
		end = s.AskOver(own, PCSCF, SCSCF)
		s.AnswerOver(own, 200, "", SCSCF, PCSCF)
		return s, first, second, end
	}
	s, first, second, end = sweep(30 * time.Second)
	expect.Fires(t, s, "refresh-did-not-extend", "error", end, first, second)
	s, _, _, _ = sweep(20 * time.Second)
	expect.Silent(t, s, "refresh-did-not-extend")
}
