package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyWithoutSubscriptionState(t *testing.T) {
	const code = "notify-without-subscription-state"
	active := Both("active", "1 active refreshed "+Phone)

	s := watched(t)
	a := s.Tells(Told{Version: 1, Regs: active, State: "-"})
	b := s.Tells(Told{Version: 2, Regs: active, State: "-", Status: 400})
	expect.Fires(t, s, code, "error", a, b)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: active, State: "pending"})
	s.Tells(Told{State: "terminated"})
	expect.Silent(t, s, code)
}
