package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscriptionRepeated(t *testing.T) {
	const code = "subscription-repeated"
	active := Both("active", "1 active registered "+Phone)
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}

	s := New(t)
	s.Registered(phone)
	first, _ := s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: active})
	second, _ := s.Watches(Watch{By: PCSCF, CallID: "second"})
	expect.Fires(t, s, code, "info", second, first)

	s = New(t)
	s.Registered(phone)
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: active})
	s.Tells(Told{By: PCSCF, State: "terminated;reason=timeout"})
	s.Watches(Watch{By: PCSCF, CallID: "second"}) // the first is over
	s.Watches(Watch{})
	s.Watches(Watch{By: AS})
	expect.Silent(t, s, code)

	s = New(t) // two private identities
	s.Registered(phone)
	s.Watches(Watch{By: PCSCF})
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, IMPI: "tablet@home1.net"})
	s.Watches(Watch{By: PCSCF, CallID: "second"})
	expect.Silent(t, s, code)
}
