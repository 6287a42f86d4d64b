package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoContradicts200(t *testing.T) {
	const code = "reginfo-contradicts-200"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	over := Told{Version: 1, Regs: Both("terminated", "1 terminated unregistered "+Phone+" 0")}

	s := watched(t)
	s.Wait(time.Minute)
	s.Registered(phone)
	answer := s.Frame - 1 // the S-CSCF's 200
	f := s.Tells(over)
	expect.Fires(t, s, code, "error", f, answer)

	s = watched(t) // the NOTIFY of the de-registration comes after the new registration
	s.Wait(time.Minute)
	s.Removed(phone, 2)
	phone.CSeq = 3
	s.Registered(phone)
	s.Tells(over)
	expect.Silent(t, s, code)

	s = watched(t) // long after
	s.Wait(time.Minute)
	s.Tells(over)
	expect.Silent(t, s, code)

	s = watched(t) // the network does end it at once
	s.Registered(phone)
	s.Tells(Told{Version: 1, Regs: Both("terminated", "1 terminated rejected "+Phone)})
	expect.Silent(t, s, code)
}
