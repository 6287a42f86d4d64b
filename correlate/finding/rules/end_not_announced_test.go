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

// TestEndNotAnnouncedTwoDialogs: what one dialog of a watcher leaves out another one tells.
func TestEndNotAnnouncedTwoDialogs(t *testing.T) {
	gone := "1 terminated rejected " + Phone
	s := watched(t)
	for _, id := range []string{"first", "second"} {
		s.Watches(Watch{By: PCSCF, CallID: id})
		s.Tells(Told{By: PCSCF, CallID: id, Regs: Both("active", "1 active registered "+Phone)})
	}
	s.Wait(time.Minute)
	s.RTR(0, 2001)
	s.Tells(Told{Version: 1, Partial: true, Regs: Both("terminated", gone)})
	s.Tells(Told{By: PCSCF, CallID: "first", Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, CallID: "second", Version: 1, Partial: true, Regs: Reg(AliceTel, "terminated", gone)})
	idle(s, time.Minute)
	expect.Silent(t, s, "end-not-announced")
}
