package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoAORInvalid(t *testing.T) {
	const code = "reginfo-aor-invalid"
	for _, bad := range []string{"aor", "sip:alice@", "tel:", "alice@home1.net"} {
		s := watched(t)
		f := s.Tells(Told{Version: 1, Partial: true, Regs: Reg(bad, "active", "1 active registered "+Phone), Status: 403})
		expect.Fires(t, s, code, "error", f)
	}
	s := watched(t)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg("sips:alice@[5555::1]", "active") + Reg("sip:pbx.home1.net", "active") + Reg("tel:911;phone-context=+1", "active")})
	expect.Silent(t, s, code)
}
