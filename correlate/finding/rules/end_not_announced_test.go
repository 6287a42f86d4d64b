package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEndNotAnnounced(t *testing.T) {
	const code = "end-not-announced"
	gone := "1 terminated rejected " + Phone

	both := func() *Scenario { // phone and P-CSCF watch
		s := watched(t)
		s.Watches(Watch{By: PCSCF})
		s.Tells(Told{By: PCSCF, Regs: Both("active", "1 active registered "+Phone)})
		s.Wait(time.Minute)
		return s
	}

	s := both()
	rtr := s.RTR(0, 2001)
	told := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Both("terminated", gone)})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "warning", rtr, told)

	s = both() // a second document tells the rest
	s.RTR(0, 2001)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Both("terminated", gone)})
	s.Wait(time.Second)
	s.Tells(Told{Version: 2, Partial: true, Regs: Reg(AliceTel, "terminated", gone)})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = both() // a full one that lists one of them: the other is gone
	s.RTR(0, 2001)
	s.Tells(Told{Version: 1, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Both("terminated", gone)})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = both() // the S-CSCF ends one identity, the other stays
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = both() // the phone asked for it and knows
	off := s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	gone = "1 terminated unregistered " + Phone
	told = s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Both("terminated", gone)})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "info", off, told)
}
