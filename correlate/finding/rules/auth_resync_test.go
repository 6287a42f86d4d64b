package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAuthResync(t *testing.T) {
	with := func(n int) (*Scenario, []uint32) {
		s := New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
		s.Ask(r)
		s.Answer(r, 401, Challenge("n0"))
		var auts []uint32
		for i := range n {
			r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2 + i, Auth: `, auts="5PYxAuBOhQwPwkMIGV8="`}
			auts = append(auts, s.Ask(r))
			s.Answer(r, 401, Challenge("m"+string('0'+rune(i))))
		}
		return s, auts
	}
	s, auts := with(2)
	expect.Fires(t, s, "auth-resync", "error", auts...)

	// One resynchronisation that leads to a registration is how it is meant to be.
	s, auts = with(1)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	expect.Fires(t, s, "auth-resync", "info", auts...)

	s, _ = with(0)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	expect.Silent(t, s, "auth-resync")
}
