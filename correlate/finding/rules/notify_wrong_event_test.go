package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyWrongEvent(t *testing.T) {
	const code = "notify-wrong-event"
	active := Both("active", "1 active refreshed "+Phone)

	for _, event := range []string{"-", "presence"} {
		s := watched(t)
		f := s.Tells(Told{Version: 1, Regs: active, Event: event, Status: 489})
		expect.Fires(t, s, code, "error", f)
	}

	s := watched(t)
	s.Tells(Told{Version: 1, Regs: active, Event: "Reg;id=2"})
	expect.Silent(t, s, code)
}
