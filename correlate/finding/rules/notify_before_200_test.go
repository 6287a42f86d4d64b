package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyBefore200(t *testing.T) {
	const code = "notify-before-200"
	active := Both("active", "1 active registered "+Phone)

	s := New(t)
	ask, _ := s.Watches(Watch{By: PCSCF, Status: -1})
	f := s.Tells(Told{By: PCSCF, Regs: active})
	answer := s.Send(SCSCF, PCSCF, "SIP/2.0 200 OK\n"+Via("s1", PCSCF)+"From: <"+PCSCFURI+">;tag=w\nTo: <"+Alice+">;tag=n\nCall-ID: sub-"+PCSCF+"\nCSeq: 1 SUBSCRIBE\nExpires: 600000\nContact: <"+Notifier+">\nContent-Length: 0\n\n")
	if ask != 1 {
		t.Fatal(ask)
	}
	expect.Fires(t, s, code, "info", f, answer)

	s = New(t)
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: active})
	s.Watches(Watch{By: PCSCF, InDialog: true, CSeq: 2}) // a refresh: the first NOTIFY was long before
	expect.Silent(t, s, code)
}
