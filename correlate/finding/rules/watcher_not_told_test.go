package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestWatcherNotTold(t *testing.T) {
	const code = "watcher-not-told"
	gone := Both("terminated", "1 terminated unregistered "+Phone)
	phone := Register{UE: UE1, Contact: Phone}

	both := func() (s *Scenario, pcscf uint32) { // phone and P-CSCF watch
		s = watched(t)
		pcscf, _ = s.Watches(Watch{By: PCSCF})
		s.Tells(Told{By: PCSCF, Regs: Both("active", "1 active registered "+Phone)})
		s.Wait(time.Minute)
		return s, pcscf
	}

	s, pcscf := both()
	off := s.Removed(phone, 2)
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "warning", off, pcscf)

	s, _ = both() // the phone itself knows
	off = s.Removed(phone, 2)
	s.Tells(Told{By: PCSCF, Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "info", off, 5)

	s, _ = both()
	s.Removed(phone, 2)
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated"})
	s.Tells(Told{By: PCSCF, Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s, _ = both() // refused: nothing to tell
	phone.CSeq = 2
	s.Ask(phone)
	s.Answer(phone, 403, "")
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
