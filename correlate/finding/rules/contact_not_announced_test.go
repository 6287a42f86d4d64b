package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestContactNotAnnounced(t *testing.T) {
	const code = "contact-not-announced"
	tablet := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}
	two := Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)

	s := watched(t)
	first := s.Frame - 3
	s.Wait(time.Minute)
	s.Registered(tablet)
	s.Watches(Watch{By: UE2})
	s.Tells(Told{By: UE2, Regs: two})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "info", first)

	s = watched(t) // listed by chance when a third device leaves
	first = s.Frame - 3
	s.Registered(Register{UE: "10.0.0.3:5060", Contact: "sip:alice@10.0.0.3", Expires: 3600, CSeq: 1})
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active registered "+Phone, "3 active registered sip:alice@10.0.0.3")})
	s.Wait(time.Minute)
	s.Registered(tablet)
	s.Wait(4 * time.Second)
	s.Removed(Register{UE: "10.0.0.3:5060", Contact: "sip:alice@10.0.0.3"}, 2)
	s.Tells(Told{Version: 2, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet, "3 terminated unregistered sip:alice@10.0.0.3")})
	idle(s, time.Minute)
	expect.Fires(t, s, code, "info", first)

	s = watched(t)
	s.Wait(time.Minute)
	s.Registered(tablet)
	s.Tells(Told{Version: 1, Regs: two})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = watched(t) // the phone moves and is told in a new dialog
	s.Wait(time.Minute)
	s.Registered(Register{UE: UE1, Contact: "sip:alice@10.0.0.1:50618", Expires: 3600, CSeq: 1, CallID: "moved"})
	s.Watches(Watch{CallID: "again"})
	s.Tells(Told{CallID: "again", Regs: Both("active", "2 active registered sip:alice@10.0.0.1:50618")})
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
