package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoIdentitiesMissing(t *testing.T) {
	const code = "reginfo-identities-missing"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	alone := Reg(Alice, "active", "1 active registered "+Phone)

	s := New(t)
	s.Registered(phone)
	answer := s.Frame - 1
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: alone})
	expect.Fires(t, s, code, "warning", f, answer)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: alone}) // a partial document need not
	expect.Silent(t, s, code)

	s = New(t) // the tablet registers the same identity without the number: nothing is sure
	s.Registered(phone)
	tablet := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, IMPI: "tablet@home1.net"}
	s.Ask(tablet)
	s.Answer(tablet, 200, "P-Associated-URI: <"+Alice+">\nContact: <"+Tablet+">;expires=3600\n")
	s.Watches(Watch{By: UE2})
	s.Tells(Told{By: UE2, Regs: alone})
	expect.Silent(t, s, code)
}
