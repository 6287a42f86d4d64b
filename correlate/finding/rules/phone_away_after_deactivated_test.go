package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestPhoneAwayAfterDeactivated(t *testing.T) {
	const code = "phone-away-after-deactivated"
	gone := Told{Version: 1, Regs: Both("terminated", "1 terminated deactivated "+Phone), State: "terminated"}

	s := watched(t)
	f := s.Tells(gone)
	idle(s, 5*time.Minute)
	expect.Fires(t, s, code, "warning", f)

	s = watched(t)
	s.Tells(gone)
	s.Ask(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"})
	idle(s, 5*time.Minute)
	expect.Silent(t, s, code)

	s = watched(t) // it has moved
	s.Tells(gone)
	s.Ask(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, CallID: "again"})
	idle(s, 5*time.Minute)
	expect.Silent(t, s, code)

	s = watched(t) // another device
	f = s.Tells(gone)
	s.Ask(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, CallID: "again", IMPI: "tablet@home1.net"})
	idle(s, 5*time.Minute)
	expect.Fires(t, s, code, "warning", f)

	s = watched(t) // too early to say
	s.Tells(gone)
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = watched(t) // one identity stays
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(AliceTel, "terminated", "1 terminated deactivated "+Phone)})
	idle(s, 5*time.Minute)
	expect.Silent(t, s, code)
}
