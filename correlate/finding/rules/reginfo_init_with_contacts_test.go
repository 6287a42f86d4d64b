package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoInitWithContacts(t *testing.T) {
	const code = "reginfo-init-with-contacts"

	s := watched(t)
	f := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "init", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "warning", f)

	s = New(t)
	s.Watches(Watch{})
	s.Tells(Told{Regs: Both("init")})
	expect.Silent(t, s, code)
}
