package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNoNotifyAfterRTR(t *testing.T) {
	const code = "no-notify-after-rtr"
	gone := Both("terminated", "1 terminated rejected "+Phone)

	both := func() (s *Scenario, phone uint32) { // phone and P-CSCF watch
		s = watched(t)
		phone = 5 // after REGISTER and 200 on two hops
		s.Watches(Watch{By: PCSCF})
		s.Tells(Told{By: PCSCF, Regs: Both("active", "1 active registered "+Phone)})
		s.Wait(time.Minute)
		return s, phone
	}

	s, phone := both()
	rtr := s.RTR(0, 2001)
	s.Tells(Told{By: PCSCF, Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "error", rtr, phone)

	s, phone = both()
	rtr = s.RTR(0, 2001)
	s.Tells(Told{By: PCSCF, Version: 1, Regs: gone, State: "terminated"})
	idle(s, 5*time.Second)
	expect.Fires(t, s, code, "warning", rtr, phone)

	s, _ = both()
	s.RTR(0, 2001)
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated"})
	s.Tells(Told{By: PCSCF, Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s, _ = both()
	s.RTR(1, 2001) // another S-CSCF has the user
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated"})
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}

// TestNoNotifyAfterRTRLost: the capture holds the answer to one.
func TestNoNotifyAfterRTRLost(t *testing.T) {
	s := watched(t)
	s.RTR(0, 2001)
	s.NotifyAnswer(UE1, 200, UE1, PCSCF, SCSCF)
	idle(s, time.Minute)
	if f := expect.Fires(t, s, "no-notify-after-rtr", "warning", 13, 5); f.Doubt == "" {
		t.Error("no doubt")
	}
}
