package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

// watched registers the phone and subscribes it, with the whole state told.
func watched(t *testing.T) *Scenario {
	s := New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Watches(Watch{})
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
	return s
}

func TestSubscriptionActiveAfterNetworkEnd(t *testing.T) {
	const code = "subscription-active-after-network-end"
	gone := Both("terminated", "1 terminated deactivated "+Phone)

	s := watched(t)
	s.RTR(2, 2001)
	f := s.Tells(Told{Version: 1, Regs: gone})
	expect.Fires(t, s, code, "warning", f)

	s = watched(t) // a NOTIFY of its own ends it
	s.RTR(2, 2001)
	f = s.Tells(Told{Version: 1, Regs: gone})
	s.Tells(Told{State: "terminated;reason=deactivated"})
	expect.Fires(t, s, code, "info", f)

	s = watched(t)
	s.RTR(2, 2001)
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated;reason=deactivated"})
	expect.Silent(t, s, code)

	s = watched(t) // one identity stays
	s.RTR(2, 2001, AliceTel)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(AliceTel, "terminated", "1 terminated deactivated "+Phone)})
	expect.Silent(t, s, code)

	s = watched(t) // the user's own wish is another rule's
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone)})
	expect.Silent(t, s, code)
}
