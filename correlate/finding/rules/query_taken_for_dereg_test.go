package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestQueryTakenForDereg(t *testing.T) {
	of := Alice // whom the AS is told of
	play := func(r Register, expires int) (s *Scenario, query, third uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.ThirdParty(Alice, 3600, 200)
		query = s.Ask(r)
		s.Answer(r, 200, "Contact: <"+Phone+">;expires=3000\n")
		return s, query, s.ThirdParty(of, expires, 200)
	}
	fetch := Register{UE: UE1, ContactLine: "-", NoExpires: true, CSeq: 2}
	s, query, third := play(fetch, 0)
	expect.Fires(t, s, "query-taken-for-dereg", "error", third, query)
	of = AliceTel // of the same implicit registration set
	s, query, third = play(fetch, 0)
	expect.Fires(t, s, "query-taken-for-dereg", "error", third, query)
	of = "sip:other@home1.net"
	s, _, _ = play(fetch, 0)
	expect.Silent(t, s, "query-taken-for-dereg")
	of = Alice
	s, _, _ = play(fetch, 3600)
	expect.Silent(t, s, "query-taken-for-dereg")
	s, _, _ = play(Register{UE: UE1, Contact: Phone, CSeq: 2}, 0)
	expect.Silent(t, s, "query-taken-for-dereg")
}
