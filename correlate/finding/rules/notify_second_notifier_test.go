package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifySecondNotifier(t *testing.T) {
	active := Both("active", "1 active registered "+Phone)

	s := New(t)
	ask, _ := s.Watches(Watch{})
	s.Tells(Told{Regs: active})
	other := s.Tells(Told{Tag: "n2", Regs: active, Status: 481})
	expect.Fires(t, s, "notify-second-notifier", "warning", other, ask)

	s = New(t)
	s.Watches(Watch{})
	s.Tells(Told{Regs: active})
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: active}) // another dialog
	expect.Silent(t, s, "notify-second-notifier")
}
