package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoEventContradictsRTR(t *testing.T) {
	const code = "reginfo-event-contradicts-rtr"
	for _, tt := range []struct {
		reason          uint32
		event, severity string
	}{
		{3, "expired", "warning"},
		{2, "rejected", "warning"},
		{0, "deactivated", "info"},
		{0, "rejected", ""},
		{1, "deactivated", ""},
		{2, "probation", ""},
		{0, "unregistered", ""}, // reginfo-unregistered-without-request
	} {
		s := watched(t)
		rtr := s.RTR(tt.reason, 2001)
		f := s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated "+tt.event+" "+Phone), State: "terminated"})
		if tt.severity == "" {
			expect.Silent(t, s, code)
		} else {
			expect.Fires(t, s, code, tt.severity, f, rtr)
		}
	}

	s := watched(t) // no RTR: it did expire
	s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated expired "+Phone), State: "terminated"})
	expect.Silent(t, s, code)
}
