package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoQInvented(t *testing.T) {
	const code = "reginfo-q-invented"
	zero := strings.ReplaceAll(Both("active", "1 active registered "+Phone), `event=`, `q="0.000" event=`)

	s := New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	ask := s.Frame - 3
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: zero})
	expect.Fires(t, s, code, "info", f, ask)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, ContactLine: "Contact: <" + Phone + ">;q=0.5;expires=3600\n"})
	s.Watches(Watch{})
	s.Tells(Told{Regs: zero})
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: Both("active", "1 active registered "+Phone)})
	expect.Silent(t, s, code)

	s = New(t) // no REGISTER in sight
	s.Watches(Watch{})
	s.Tells(Told{Regs: zero})
	expect.Silent(t, s, code)
}
