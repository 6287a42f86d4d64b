package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoRevivedAsRefreshed(t *testing.T) {
	const code = "reginfo-revived-as-refreshed"

	s := watched(t)
	end := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", "1 terminated expired "+Phone)})
	back := s.Tells(Told{Version: 2, Partial: true, Regs: Reg(Alice, "active", "1 active refreshed "+Phone)})
	expect.Fires(t, s, code, "warning", back, end)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(Alice, "terminated", "1 terminated expired "+Phone)})
	s.Tells(Told{Version: 2, Partial: true, Regs: Reg(Alice, "active", "1 active registered "+Phone)})
	s.Tells(Told{Version: 3, Partial: true, Regs: Reg(Alice, "active", "1 active refreshed "+Phone)})
	expect.Silent(t, s, code)
}
