package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNetworkNotAuthenticated(t *testing.T) {
	play := func(second Register) (s *Scenario, challenge, answer uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
		s.Ask(r)
		challenge = s.Answer(r, 401, Challenge("n1")) - 1
		second.UE, second.Contact, second.Expires, second.CSeq, second.Nonce = UE1, Phone, 3600, 2, "n1"
		return s, challenge, s.Ask(second)
	}
	s, challenge, answer := play(Register{Empty: true})
	expect.Fires(t, s, "network-not-authenticated", "error", answer, challenge)
	s, _, _ = play(Register{Empty: true, Auth: `, auts="5PYxAuBOhQwPwkMIGV8="`})
	expect.Silent(t, s, "network-not-authenticated")
	s, _, _ = play(Register{})
	expect.Silent(t, s, "network-not-authenticated")
}
