package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoEventContradictsRequest(t *testing.T) {
	const code = "reginfo-event-contradicts-request"
	for _, tt := range []struct{ event, severity string }{
		{"expired", "info"},
		{"deactivated", "warning"},
		{"unregistered", ""},
	} {
		s := watched(t)
		ask := s.Removed(Register{UE: UE1, Contact: Phone}, 2)
		f := s.Tells(Told{Version: 1, Regs: Both("terminated", "0x1 terminated "+tt.event+" "+Phone), State: "terminated"})
		if tt.severity == "" {
			expect.Silent(t, s, code)
		} else {
			expect.Fires(t, s, code, tt.severity, f, ask)
		}
	}

	s := watched(t) // the tablet expires while the phone leaves
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 60, CSeq: 1})
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet+" 60")})
	s.Wait(61e9)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(Told{Version: 2, Regs: Both("terminated", "1 terminated unregistered "+Phone, "2 terminated expired "+Tablet), State: "terminated"})
	expect.Silent(t, s, code)
}
