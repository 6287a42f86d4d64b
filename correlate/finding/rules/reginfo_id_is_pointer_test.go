package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoIDIsPointer(t *testing.T) {
	s := watched(t)
	f := s.Tells(Told{Version: 1, Regs: Both("active", "0x7f835724d1d0 active registered "+Phone)})
	g := s.Tells(Told{Version: 2, Regs: Both("active", "0x7f835724d1d0 active refreshed "+Phone)})
	expect.Fires(t, s, "reginfo-id-is-pointer", "info", f, g)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: Both("active", "0x1 active registered "+Phone, "a15 active registered "+Tablet, "7f835724d1d0 active registered sip:alice@10.0.0.3")})
	expect.Silent(t, s, "reginfo-id-is-pointer")
}
