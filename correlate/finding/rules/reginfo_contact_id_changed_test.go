package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoContactIDChanged(t *testing.T) {
	const code = "reginfo-contact-id-changed"

	s := watched(t)
	first := s.Frame - 3
	f := s.Tells(Told{Version: 1, Partial: true, Regs: Both("terminated", "0x1 terminated expired "+Phone)})
	expect.Fires(t, s, code, "warning", f, first)

	s = watched(t)
	first = s.Frame - 3
	f = s.Tells(Told{Version: 1, Regs: Both("terminated", "0x1 terminated expired "+Phone)})
	expect.Fires(t, s, code, "info", f, first)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone)})
	s.Tells(Told{Version: 2, Regs: Both("active", "2 active registered "+Phone)}) // a new binding
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: Both("active", "9 active registered "+Phone)}) // ids count within a subscription
	expect.Silent(t, s, code)
}
