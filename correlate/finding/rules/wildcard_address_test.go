package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestWildcardAddress(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	s.Ask(r)
	s.Answer(r, 200, "")
	f := s.AskOver(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}, UE1, "0.0.0.0:5060")
	expect.Fires(t, s, "wildcard-address", "warning", f)

	s = New(t)
	s.Registered(r)
	expect.Silent(t, s, "wildcard-address")
}
