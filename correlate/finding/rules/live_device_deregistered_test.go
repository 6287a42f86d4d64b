package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestLiveDeviceDeregistered(t *testing.T) {
	const otherPort = "10.0.0.1:5072"
	again := Register{UE: UE1, Contact: Phone}
	play := func(wait time.Duration, again Register) (s *Scenario, off, back uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		if again.IMPI == "bound@home1.net" {
			s.Registered(Register{UE: otherPort, Contact: again.Contact, Expires: 3600, CSeq: 1})
			again.IMPI = ""
		}
		own := Register{UE: PCSCF, Contact: Phone, CSeq: 1, Auth: `, integrity-protected="ip-assoc-yes"`}
		off = s.AskOver(own, PCSCF, SCSCF)
		s.AnswerOver(own, 200, "", SCSCF, PCSCF)
		s.Wait(wait)
		back = s.Frame + 1
		again.Expires, again.CSeq, again.CallID = 3600, 1, "again"
		s.Registered(again)
		return s, off, back
	}
	s, off, back := play(2*time.Second, again)
	expect.Fires(t, s, "live-device-deregistered", "warning", off, back)
	s, _, _ = play(10*time.Minute, again)
	expect.Silent(t, s, "live-device-deregistered")

	s, off, back = play(2*time.Second, Register{UE: otherPort, Contact: "sip:alice@" + otherPort})
	expect.Fires(t, s, "live-device-deregistered", "warning", off, back) // on new protected ports
	for _, other := range []Register{
		{UE: UE2, Contact: Tablet}, // it had gone from there
		{UE: otherPort, Contact: "sip:alice@" + otherPort, IMPI: "tablet@home1.net"}, // another device at the address
		{UE: otherPort, Contact: "sip:alice@" + otherPort, IMPI: "bound@home1.net"},  // it was bound all the time
	} {
		s, _, _ = play(2*time.Second, other)
		expect.Silent(t, s, "live-device-deregistered")
	}

	// The phone's own choice: off and on again.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	d := Register{UE: UE1, Contact: Phone, CSeq: 2}
	s.Ask(d)
	s.Answer(d, 200, "")
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	expect.Silent(t, s, "live-device-deregistered")
}
