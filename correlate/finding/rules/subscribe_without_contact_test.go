package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeWithoutContact(t *testing.T) {
	const code = "subscribe-without-contact"

	s := New(t)
	ask, _ := s.Watches(Watch{By: PCSCF, Contact: "-"})
	expect.Fires(t, s, code, "error", ask)

	s = New(t)
	ask, _ = s.Watches(Watch{By: PCSCF, Contact: "-"})
	s.Tells(Told{By: PCSCF, Regs: Both("active", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "warning", ask)

	s = New(t)
	s.Watches(Watch{By: PCSCF})
	expect.Silent(t, s, code)
}
