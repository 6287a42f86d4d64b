package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoRefreshAsRegistered(t *testing.T) {
	const code = "reginfo-refresh-as-registered"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	again := Told{Version: 1, Regs: Both("active", "1 active registered "+Phone)}

	s := watched(t)
	s.Wait(time.Minute)
	s.Registered(phone)
	ask := s.Frame - 3
	f := s.Tells(again)
	expect.Fires(t, s, code, "info", f, ask)

	s = watched(t)
	s.Wait(time.Minute)
	s.Registered(phone)
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active refreshed "+Phone)})
	expect.Silent(t, s, code)

	s = watched(t) // a new initial registration
	s.Wait(time.Minute)
	phone.CallID = "rebooted"
	s.Registered(phone)
	s.Tells(again)
	expect.Silent(t, s, code)

	s = watched(t) // nobody refreshed it: the document says what it said before
	s.Wait(time.Minute)
	s.Tells(again)
	expect.Silent(t, s, code)
}
