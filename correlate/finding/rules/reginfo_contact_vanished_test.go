package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoContactVanished(t *testing.T) {
	const code = "reginfo-contact-vanished"
	two := Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)

	s := watched(t)
	s.Tells(Told{Version: 1, Regs: two})
	f := s.Tells(Told{Version: 2, Regs: Both("active", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "info", f)

	s = watched(t) // the whole registration element
	f = s.Tells(Told{Version: 1, Regs: Reg(Alice, "active", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "info", f)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: two})
	s.Tells(Told{Version: 2, Regs: Both("active", "1 active registered "+Phone, "2 terminated expired "+Tablet)})
	s.Tells(Told{Version: 3, Regs: Both("active", "1 active registered "+Phone)})
	s.Tells(Told{Version: 4, Partial: true, Regs: Reg(Alice, "active")}) // a partial document need not list it
	s.Tells(Told{Version: 5, Regs: Both("terminated")})                  // reginfo-terminated-without-contacts
	expect.Silent(t, s, code)
}
