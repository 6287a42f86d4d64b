package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAcceptedWithoutBinding(t *testing.T) {
	play := func(header string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1})
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 200, header) - 1
	}
	s, asked, answered := play("Contact: <" + Tablet + ">;expires=3000\n")
	expect.Fires(t, s, "accepted-without-binding", "error", answered, asked)
	s, asked, answered = play("Contact: <" + Phone + ">;expires=0\n")
	expect.Fires(t, s, "accepted-without-binding", "error", answered, asked)
	s, asked, answered = play("")
	expect.Fires(t, s, "accepted-without-binding", "warning", answered, asked)
	s, asked, answered = play("Contact: <sip:x@192.0.2.1:1>;expires=3000, <sip:x@192.0.2.1:2>;expires=3600\n") // an SBC wrote its own addresses
	expect.Fires(t, s, "accepted-without-binding", "info", answered, asked)
	for _, header := range []string{
		"Contact: <" + Tablet + ">;expires=3000, <" + Phone + ">;expires=3600\n",
		"Contact: <sip:alice@192.0.2.1:1024>;expires=3600\n", // an SBC wrote its own address
	} {
		s, _, _ = play(header)
		expect.Silent(t, s, "accepted-without-binding")
	}
}
