package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEndNotAcknowledged(t *testing.T) {
	const code = "end-not-acknowledged"
	gone := Told{Version: 1, Regs: Both("terminated", "1 terminated rejected "+Phone), State: "terminated", Status: -1, Repeats: 2}

	s := watched(t)
	rtr := s.RTR(0, 2001)
	f := s.Tells(gone)
	idle(s, time.Minute)
	expect.Fires(t, s, code, "warning", f, rtr)

	s = watched(t)
	s.RTR(0, 2001)
	s.Tells(gone)
	idle(s, 10*time.Second) // Timer F still runs
	expect.Silent(t, s, code)

	s = watched(t) // the phone left on its own
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(gone)
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = watched(t)
	gone.Status, gone.Repeats = 200, 0
	s.RTR(0, 2001)
	s.Tells(gone)
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
