package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeForEmergency(t *testing.T) {
	const code = "subscribe-for-emergency"
	sos := Register{UE: UE1, Contact: "sip:alice@10.0.0.1;transport=tcp;sos", Expires: 3600, CSeq: 1, CallID: "sos"}

	s := New(t)
	s.Registered(sos)
	reg := s.Frame - 3
	ask, _ := s.Watches(Watch{By: PCSCF})
	expect.Fires(t, s, code, "info", ask, reg)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Registered(sos) // besides the ordinary one
	s.Watches(Watch{By: PCSCF})
	expect.Silent(t, s, code)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: "sip:sos@10.0.0.1", Expires: 3600, CSeq: 1}) // a user of that name
	s.Watches(Watch{By: PCSCF})
	expect.Silent(t, s, code)
}
