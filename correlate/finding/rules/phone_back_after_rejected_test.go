package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestPhoneBackAfterRejected(t *testing.T) {
	const code = "phone-back-after-rejected"
	gone := Told{Version: 1, Regs: Both("terminated", "1 terminated rejected "+Phone), State: "terminated"}
	again := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"}

	s := watched(t)
	f := s.Tells(gone)
	s.Wait(4 * time.Second)
	ask := s.Ask(again)
	s.Answer(again, 403, "")
	expect.Fires(t, s, code, "warning", ask, f)

	s = watched(t)
	s.Tells(gone)
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}) // another device
	s.Wait(10 * time.Minute)
	s.Ask(again) // somebody has switched it on again
	expect.Silent(t, s, code)

	s = watched(t)
	gone.Regs = Both("terminated", "1 terminated deactivated "+Phone)
	s.Tells(gone)
	s.Ask(again)
	expect.Silent(t, s, code)
}
