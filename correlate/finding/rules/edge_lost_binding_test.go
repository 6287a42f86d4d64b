package rules_test

import (
	"testing"
	"time"

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

	call := func(status int, before func(*Scenario), path ...string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		before(s)
		asked, answered = s.Call(status, path...)
		return s, asked, answered
	}
	registered := func(s *Scenario) { s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}) }
	s, asked, answered := call(404, registered, SCSCF, PCSCF)
	h := expect.Fires(t, s, "edge-lost-binding", "warning", answered, asked)
	if h.Detail != "INVITE: 404 X from P-CSCF" {
		t.Error(h.Detail)
	}
	s, _, _ = call(404, registered, SCSCF, PCSCF)
	for range 40 { // of which a few are enough
		s.Call(404, SCSCF, PCSCF)
	}
	expect.Detail(t, s, "edge-lost-binding", "INVITE: 404 X from P-CSCF (seen 16 times)")
	s, _, _ = call(480, registered, SCSCF, PCSCF, UE1) // the phone's own word
	expect.Silent(t, s, "edge-lost-binding")
	s, _, _ = call(486, registered, SCSCF, PCSCF)
	expect.Silent(t, s, "edge-lost-binding")
	s, _, _ = call(480, func(s *Scenario) { // the way to the phone is not shown
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		s.Ask(r)
		s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	}, SCSCF, PCSCF)
	expect.Silent(t, s, "edge-lost-binding")
	s, _, _ = call(480, func(s *Scenario) { // nobody is there, and all know it
		registered(s)
		s.Wait(time.Minute)
		s.Removed(Register{UE: UE1, Contact: Phone}, 2)
		s.Wait(10 * time.Minute)
	}, SCSCF, PCSCF)
	expect.Silent(t, s, "edge-lost-binding")
}
