package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribe200Contact(t *testing.T) {
	const code = "subscribe-200-contact"
	active := Both("active", "1 active registered "+Phone)

	for _, wrong := range []string{"Server: x\n", "Contact: <" + PCSCFURI + ":5060>\n"} {
		s := New(t)
		ask, answer := s.Watches(Watch{By: PCSCF, AnswerHeader: wrong})
		expect.Fires(t, s, code, "warning", answer, ask)
	}

	s := New(t)
	ask, answer := s.Watches(Watch{})
	f := s.Tells(Told{Header: "Contact: <sip:scscf2.home1.net>\n", Regs: active})
	expect.Fires(t, s, code, "info", answer, ask, f)

	s = New(t)
	s.Watches(Watch{})
	s.Tells(Told{Header: "Contact: <sip:reg@SCSCF.home1.net:6060>\n", Regs: active}) // the same host
	s.Watches(Watch{By: PCSCF, Status: 403, AnswerHeader: "Server: x\n"})
	expect.Silent(t, s, code)
}
