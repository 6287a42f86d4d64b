package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyAfterTerminated(t *testing.T) {
	const code = "notify-after-terminated"
	active := Both("active", "1 active registered "+Phone)

	s := watched(t)
	a := s.Tells(Told{State: "terminated;reason=timeout"})
	b := s.Tells(Told{Version: 1, Regs: active})
	expect.Fires(t, s, code, "warning", b, a)

	s = watched(t)
	s.Tells(Told{CSeq: 3002, State: "terminated;reason=timeout"})
	s.Tells(Told{CSeq: 3001, Version: 1, Regs: active}) // overtaken on the way
	s.Watches(Watch{CallID: "new"})
	s.Tells(Told{CallID: "new", Regs: active}) // a new subscription
	expect.Silent(t, s, code)
}
