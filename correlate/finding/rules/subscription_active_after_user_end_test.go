package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscriptionActiveAfterUserEnd(t *testing.T) {
	const code = "subscription-active-after-user-end"
	gone := Both("terminated", "1 terminated unregistered "+Phone)

	s := watched(t)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	f := s.Tells(Told{Version: 1, Regs: gone})
	expect.Fires(t, s, code, "warning", f)

	s = watched(t)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(Told{Version: 1, Regs: gone, State: "terminated;reason=timeout"})
	expect.Silent(t, s, code)

	s = watched(t) // the tablet stays: its watchers go on
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1})
	s.Watches(Watch{By: UE2})
	s.Tells(Told{By: UE2, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)})
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(Told{By: UE2, Version: 1, Partial: true, Regs: Both("active", "1 terminated unregistered "+Phone)})
	expect.Silent(t, s, code)

	s = watched(t) // the phone was back before the NOTIFY came
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	s.Tells(Told{Version: 1, Regs: gone})
	expect.Silent(t, s, code)
}
