package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoUnregisteredWithoutRequest(t *testing.T) {
	const code = "reginfo-unregistered-without-request"
	told := Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone), State: "terminated"}

	s := watched(t)
	rtr := s.RTR(0, 2001)
	f := s.Tells(told)
	expect.Fires(t, s, code, "warning", f, rtr)

	s = watched(t) // no trigger in sight
	f = s.Tells(told)
	expect.Fires(t, s, code, "warning", f)

	s = watched(t)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(told)
	expect.Silent(t, s, code)

	s = New(t) // the capture begins in the middle: the REGISTER may have come before it
	s.Watches(Watch{InDialog: true})
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
	s.Tells(told)
	expect.Silent(t, s, code)
}
