package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestStrayMAR(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	s.Ask(r)
	f := s.Answer(r, 504, "") - 1
	m := s.MAR(Cx{Result: 2001})
	expect.Fires(t, s, "stray-mar", "info", m, f)

	s = New(t)
	s.Ask(r)
	s.Answer(r, 504, "")
	r.CSeq = 2
	s.Ask(r) // the MAR belongs to the next try
	s.MAR(Cx{Result: 2001})
	expect.Silent(t, s, "stray-mar")
}
