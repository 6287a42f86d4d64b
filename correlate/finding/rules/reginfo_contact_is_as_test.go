package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoContactIsAS(t *testing.T) {
	const code = "reginfo-contact-is-as"

	s := New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	third := s.ThirdParty(Alice, 3600, 200)
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: Both("active", "1 active registered "+Phone, "2 active registered "+ASURI)})
	expect.Fires(t, s, code, "warning", f, third)

	s = New(t) // a server that registers itself is a device
	s.Registered(Register{UE: UE1, Contact: "sip:alice@as.home1.net", Expires: 3600, CSeq: 1})
	s.ThirdParty(Alice, 3600, 200)
	s.Watches(Watch{})
	s.Tells(Told{Regs: Both("active", "1 active registered sip:alice@as.home1.net", "2 active registered sip:as2.home1.net")})
	expect.Silent(t, s, code)
}
