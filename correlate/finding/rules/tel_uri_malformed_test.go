package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestTelURIMalformed(t *testing.T) {
	const code = "tel-uri-malformed"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}

	s := New(t)
	s.Ask(phone)
	last := s.Answer(phone, 200, "P-Associated-URI: <"+Alice+">, <tel:+15550001@>\nContact: <"+Phone+">;expires=3600\n")
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: Reg(Alice, "active", "1 active registered "+Phone) + Reg("tel:+15550001@", "active", "1 active registered "+Phone)})
	expect.Fires(t, s, code, "warning", last-1, f)

	s = New(t)
	s.Registered(phone)
	s.Watches(Watch{})
	s.Tells(Told{Regs: Reg("tel:+1-555-0001;phone-context=home1.net", "active") + Reg("sip:+15550001@home1.net;user=phone", "active")})
	expect.Silent(t, s, code)
}
