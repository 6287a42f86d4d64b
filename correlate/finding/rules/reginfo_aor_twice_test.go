package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoAORTwice(t *testing.T) {
	const code = "reginfo-aor-twice"

	s := watched(t)
	f := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(AliceTel, "active", "1 active registered "+Phone) + Reg("tel:+1-555-0001", "terminated")})
	expect.Fires(t, s, code, "error", f)

	s = watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(AliceTel, "active", "1 active registered "+Phone) + Reg("sip:+15550001@home1.net;user=phone", "active")})
	expect.Silent(t, s, code)
}
