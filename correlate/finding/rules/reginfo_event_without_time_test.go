package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoEventWithoutTime(t *testing.T) {
	const code = "reginfo-event-without-time"
	for _, contact := range []string{"1 active shortened ", "1 terminated probation "} {
		s := watched(t)
		f := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "active", contact+Phone)})
		expect.Fires(t, s, code, "error", f)
	}
	s := watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", "1 active shortened "+Phone+" 60")})
	s.Tells(Told{Version: 2, Partial: true, Regs: strings.ReplaceAll(Both("terminated", "1 terminated probation "+Phone), `event=`, `retry-after="120" event=`)})
	s.Tells(Told{Version: 3, Partial: true, Regs: Both("active", "1 active registered "+Phone)}) // expires may be left out
	expect.Silent(t, s, code)
}
