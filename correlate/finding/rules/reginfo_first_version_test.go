package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoFirstVersion(t *testing.T) {
	const code = "reginfo-first-version"
	active := Both("active", "1 active registered "+Phone)

	s := New(t)
	s.Watches(Watch{})
	f := s.Tells(Told{Version: 2, Regs: active})
	s.Watches(Watch{By: PCSCF})
	g := s.Tells(Told{By: PCSCF, Version: 2, Regs: active})
	expect.Fires(t, s, code, "info", f, g)

	s = watched(t) // 0, then 1
	s.Tells(Told{Version: 1, Regs: active})
	s.Tells(Told{By: PCSCF, Version: 7, Regs: active}) // its SUBSCRIBE is not in the capture
	expect.Silent(t, s, code)
}
