package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyWithoutICID(t *testing.T) {
	const code, vector = "notify-without-icid", "P-Charging-Vector: icid-value=\"abc=1\";orig-ioi=\"visited1.fi\"\n"
	active := Both("active", "1 active registered "+Phone)

	s := New(t)
	ask, _ := s.Watches(Watch{By: PCSCF, Header: vector})
	f := s.Tells(Told{By: PCSCF, Regs: active})
	expect.Fires(t, s, code, "info", f, ask)

	s = New(t)
	s.Watches(Watch{By: PCSCF, Header: vector})
	s.Tells(Told{By: PCSCF, Regs: active, Header: "P-Charging-Vector: icid-value=x;orig-ioi=\"home1.fr\"\n"}) // an identifier of its own
	s.Watches(Watch{})
	s.Tells(Told{Regs: active}) // no identifier on either
	expect.Silent(t, s, code)
}
