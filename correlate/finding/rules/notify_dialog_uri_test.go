package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyDialogURI(t *testing.T) {
	active := Both("active", "1 active registered "+Phone)
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}

	s := New(t)
	s.Registered(phone)
	ask, _ := s.Watches(Watch{})
	bad := s.Tells(Told{From: Notifier, Regs: active})
	s.Tells(Told{From: Notifier, Version: 1, Regs: active})
	expect.Fires(t, s, "notify-dialog-uri", "warning", bad, ask)

	s = New(t) // the handset that gives up
	s.Registered(phone)
	ask, _ = s.Watches(Watch{})
	bad = s.Tells(Told{From: Notifier, Regs: active})
	s.Wait(25 * time.Second)
	off := s.Removed(phone, 2)
	expect.Fires(t, s, "notify-dialog-uri", "error", bad, ask, off)

	s = New(t)
	s.Registered(phone)
	s.Watches(Watch{})
	s.Tells(Told{From: Alice + ":5060;transport=udp", Regs: active}) // spelled differently, the same
	s.Wait(25 * time.Second)
	s.Removed(phone, 2)
	expect.Silent(t, s, "notify-dialog-uri")
}
