package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestOldExpiryEndsNewContact(t *testing.T) {
	const moved = "sip:alice@10.0.0.1:5070"
	play := func(rest time.Duration) (s *Scenario, first, second, end uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		first = s.Frame - 1
		s.Wait(30 * time.Minute)
		s.Registered(Register{UE: UE1, Contact: moved, Expires: 3600, CSeq: 1, CallID: "new"})
		second = s.Frame - 1
		s.Subscribe(UE1, moved)
		s.Notify(UE1, 0, "full", Both("active", "2 active registered "+moved))
		s.Wait(rest)
		return s, first, second, s.Notify(UE1, 1, "full", Both("terminated", "2 terminated deactivated "+moved))
	}
	s, first, second, end := play(30 * time.Minute)
	expect.Fires(t, s, "old-expiry-ends-new-contact", "error", end, first, second)
	s, _, _, _ = play(20 * time.Minute)
	expect.Silent(t, s, "old-expiry-ends-new-contact")
}
