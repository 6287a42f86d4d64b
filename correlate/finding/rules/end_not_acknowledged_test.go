package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEndNotAcknowledged(t *testing.T) {
	const code = "end-not-acknowledged"
	gone := Told{Version: 1, Regs: Both("terminated", "1 terminated rejected "+Phone), State: "terminated", Status: -1, Repeats: 2}

	s := watched(t)
	rtr := s.RTR(0, 2001)
	f := s.Tells(gone)
	idle(s, time.Minute)
	expect.Fires(t, s, code, "warning", f, rtr)

	s = watched(t)
	s.RTR(0, 2001)
	s.Tells(gone)
	idle(s, 10*time.Second) // Timer F still runs
	expect.Silent(t, s, code)

	s = watched(t) // the phone left on its own
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	s.Tells(gone)
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = watched(t)
	gone.Status, gone.Repeats = 200, 0
	s.RTR(0, 2001)
	s.Tells(gone)
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}

// TestEndNotAcknowledgedMoved: the phone has left the address where the NOTIFY goes, and registered from another one.
func TestEndNotAcknowledgedMoved(t *testing.T) {
	const instance = `;+sip.instance="<urn:gsma:imei:35000013-000000-0>"`
	at := func(contact string, cseq int) Register {
		return Register{UE: UE1, Contact: contact, Expires: 3600, CSeq: cseq, ContactLine: "Contact: <" + contact + ">" + instance + "\n"}
	}
	s := New(t)
	for i, c := range []string{Phone, Tablet} {
		r := at(c, i+1)
		s.Ask(r)
		s.Answer(r, 200, Associated+"Contact: <"+c+">"+instance+";expires=3600\n")
		if i == 0 {
			s.Watches(Watch{})
			s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
		}
	}
	f := s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", "1 terminated deactivated "+Phone, "2 active registered "+Tablet), Status: -1})
	idle(s, time.Minute)
	expect.Fires(t, s, "end-not-acknowledged", "info", f, 15)
}
