package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEdgeLostBinding(t *testing.T) {
	play := func(status int, doc string) (s *Scenario, sent, answered uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
		sent = s.NotifyOver(UE1, "active;expires=9", 1, "full", doc, SCSCF, PCSCF)
		return s, sent, s.NotifyAnswer(UE1, status, PCSCF, SCSCF)
	}
	active := Both("active", "1 active refreshed "+Phone)
	s, sent, answered := play(404, active)
	expect.Fires(t, s, "edge-lost-binding", "warning", answered, sent)
	s, _, _ = play(200, active)
	expect.Silent(t, s, "edge-lost-binding")
	// The last word of a registration that ends need not reach the device.
	s, _, _ = play(480, Both("terminated", "1 terminated unregistered "+Phone))
	expect.Silent(t, s, "edge-lost-binding")
}
