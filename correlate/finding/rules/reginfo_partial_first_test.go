package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoPartialFirst(t *testing.T) {
	const code = "reginfo-partial-first"
	active := Both("active", "1 active registered "+Phone)

	s := New(t)
	ask, _ := s.Watches(Watch{})
	f := s.Tells(Told{Partial: true, Regs: active})
	expect.Fires(t, s, code, "warning", f, ask)

	s = New(t)
	ask, _ = s.Watches(Watch{})
	f = s.Tells(Told{Partial: true, Version: 3, Regs: active})
	if h := expect.Fires(t, s, code, "info", f, ask); h.Doubt == "" {
		t.Error("no doubt though the version is 3")
	}

	s = New(t)
	s.Tells(Told{Partial: true, Regs: active}) // the capture begins in the middle
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: active})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: active})
	expect.Silent(t, s, code)
}
