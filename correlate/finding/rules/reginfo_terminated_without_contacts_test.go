package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoTerminatedWithoutContacts(t *testing.T) {
	const code = "reginfo-terminated-without-contacts"

	s := watched(t)
	s.RTR(0, 2001)
	f := s.Tells(Told{Version: 1, Regs: Both("terminated")})
	expect.Fires(t, s, code, "warning", f)

	s = watched(t)
	s.RTR(0, 2001)
	s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated rejected "+Phone)})
	s.Tells(Told{Version: 2, Regs: Both("terminated")}) // told already
	expect.Silent(t, s, code)
}
