package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoExpiryShort(t *testing.T) {
	const code = "reginfo-expiry-short"
	for _, tt := range []struct{ left, severity string }{
		{"3600", ""},
		{"3531", ""}, // within the slack
		{"4000", ""},
		{"1800", "warning"},
	} {
		s := New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		answer := s.Frame - 1
		s.Watches(Watch{})
		f := s.Tells(Told{Regs: Both("active", "1 active registered "+Phone+" "+tt.left)})
		if tt.severity == "" {
			expect.Silent(t, s, code)
		} else {
			expect.Fires(t, s, code, tt.severity, f, answer)
		}
	}

	s := watched(t) // time goes by; the network shortens it
	s.Wait(time.Hour / 2)
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active registered "+Phone+" 1800")})
	s.Tells(Told{Version: 2, Regs: Both("active", "1 active shortened "+Phone+" 600")})
	expect.Silent(t, s, code)
}
