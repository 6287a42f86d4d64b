package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoVersionFrozen(t *testing.T) {
	s := watched(t)
	first := s.Frame - 3 // 4 frames: NOTIFY and 200 on two hops
	second := s.Tells(Told{Regs: Both("active", "1 active refreshed "+Phone)})
	third := s.Tells(Told{Regs: Both("terminated", "1 terminated expired "+Phone)})
	expect.Fires(t, s, "reginfo-version-frozen", "warning", second, first, third)

	s = watched(t)
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone+" 3500")}) // said twice: only the seconds differ
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active refreshed "+Phone)})
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Version: 1, Regs: Both("terminated", "1 terminated expired "+Phone)}) // each watcher has its own count
	expect.Silent(t, s, "reginfo-version-frozen")
}
