package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestGrantedMoreThanAsked(t *testing.T) {
	play := func(contact string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1}
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 200, "Contact: "+contact+"\n") - 1
	}
	s, asked, answered := play("<" + Phone + ">;expires=3600")
	expect.Fires(t, s, "granted-more-than-asked", "info", answered, asked)
	s, _, _ = play("<" + Tablet + ">;expires=3600, <" + Phone + ">;expires=540")
	expect.Silent(t, s, "granted-more-than-asked")
}
