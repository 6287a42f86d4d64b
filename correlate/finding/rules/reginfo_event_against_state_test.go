package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoEventAgainstState(t *testing.T) {
	const code = "reginfo-event-against-state"
	for _, contact := range []string{"1 active unregistered ", "1 terminated refreshed "} {
		s := watched(t)
		f := s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", contact+Phone)})
		expect.Fires(t, s, code, "error", f)
	}
	s := watched(t)
	for i, contact := range []string{"active created", "active shortened", "terminated deactivated", "active registered", "terminated probation", "active wrong"} {
		s.Tells(Told{Version: 1 + i, Partial: true, Regs: Both("active", "1 "+contact+" "+Phone)})
	}
	expect.Silent(t, s, code)
}
