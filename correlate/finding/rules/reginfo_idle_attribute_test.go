package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoIdleAttribute(t *testing.T) {
	const code = "reginfo-idle-attribute"

	s := watched(t)
	f := s.Tells(Told{Version: 1, Regs: Both("terminated", "0x1 terminated expired "+Phone+" 0")})
	g := s.Tells(Told{Version: 2, Regs: Both("terminated", "0x1 terminated expired "+Phone+" 0")})
	expect.Fires(t, s, code, "info", f, g)

	s = watched(t)
	f = s.Tells(Told{Version: 1, Partial: true, Regs: strings.Replace(Reg(Alice, "active", "1 active refreshed "+Phone), `event=`, `retry-after="9" event=`, 1)})
	expect.Fires(t, s, code, "info", f)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", "1 active registered "+Phone+" 60")})
	s.Tells(Told{Version: 2, Partial: true, Regs: strings.ReplaceAll(Both("terminated", "1 terminated probation "+Phone), `event=`, `retry-after="120" event=`)})
	expect.Silent(t, s, code)
}
