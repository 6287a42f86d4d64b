package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegister200OmitsBinding(t *testing.T) {
	const code = "register-200-omits-binding"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	tablet := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}

	s := New(t)
	s.Registered(phone)
	s.Wait(time.Minute)
	s.Registered(tablet)
	expect.Fires(t, s, code, "info", s.Frame-1, s.Frame-3)

	s = New(t)
	s.Registered(phone)
	s.Wait(time.Minute)
	s.Ask(tablet)
	s.Answer(tablet, 200, "Contact: <"+Phone+">;expires=3540, <"+Tablet+">;expires=3600\n")
	expect.Silent(t, s, code)

	s = New(t)
	s.Registered(phone)
	s.Removed(phone, 2) // what leaves need not be listed
	s.Registered(tablet)
	expect.Silent(t, s, code)
}
