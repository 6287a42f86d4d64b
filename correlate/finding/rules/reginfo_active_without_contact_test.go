package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoActiveWithoutContact(t *testing.T) {
	const code = "reginfo-active-without-contact"

	s := watched(t)
	f := s.Tells(Told{Version: 1, Regs: Reg(Alice, "active", "1 terminated expired "+Phone) + Reg(AliceTel, "active", "1 active registered "+Phone)})
	g := s.Tells(Told{Version: 2, Regs: Reg(Alice, "active") + Reg(AliceTel, "active", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "warning", f, g)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "active", "1 terminated expired "+Phone)}) // others may be unmentioned
	s.Tells(Told{Version: 2, Regs: Both("terminated")})
	s.Tells(Told{Version: 3, Regs: Both("init")})
	expect.Silent(t, s, code)
}
