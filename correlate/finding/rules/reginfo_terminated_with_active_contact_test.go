package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoTerminatedWithActiveContact(t *testing.T) {
	const code = "reginfo-terminated-with-active-contact"

	s := watched(t)
	f := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "error", f)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "active", "1 terminated expired "+Phone, "2 active registered "+Tablet)})
	s.Tells(Told{Version: 2, Partial: true, Regs: Reg(Alice, "terminated", "2 terminated expired "+Tablet)})
	expect.Silent(t, s, code)
}
