package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestTransportSwitched(t *testing.T) {
	play := func(udp, answered bool) (s *Scenario, asked, told uint32) {
		s = New(t)
		s.OverUDP(false)
		asked = s.Frame + 1
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Subscribe(UE1, Phone)
		s.OverUDP(udp)
		told = s.NotifyOver(UE1, "active;expires=9", 0, "full", Both("active", "1 active registered "+Phone), SCSCF, PCSCF, UE1) + 1
		if answered {
			s.NotifyAnswer(UE1, 200, UE1, PCSCF, SCSCF)
		}
		s.Wait(time.Minute)
		s.ThirdParty(Alice, 3600, 200)
		return s, asked, told
	}
	s, asked, told := play(true, false)
	expect.Fires(t, s, "transport-switched", "error", told, asked)
	s, _, _ = play(true, true)
	expect.Silent(t, s, "transport-switched")
	s, _, _ = play(false, false)
	expect.Silent(t, s, "transport-switched")

	call := func(udp bool, path ...string) (s *Scenario, asked, called uint32) {
		s = New(t)
		s.OverUDP(false)
		asked = s.Frame + 1
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.OverUDP(udp)
		called, _ = s.Call(0, path...)
		s.Wait(time.Second)
		s.CallAgain(path...)
		s.Wait(time.Minute)
		s.ThirdParty(Alice, 3600, 200)
		return s, asked, called
	}
	s, asked, called := call(true, SCSCF, PCSCF, UE1)
	expect.Fires(t, s, "transport-switched", "error", called, asked)
	s, _, _ = call(false, SCSCF, PCSCF, UE1)
	expect.Silent(t, s, "transport-switched")
}
