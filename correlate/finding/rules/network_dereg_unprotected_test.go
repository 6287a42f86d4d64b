package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNetworkDeregUnprotected(t *testing.T) {
	play := func(auth string, status int) (s *Scenario, asked, answered uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		own := Register{UE: PCSCF, Contact: Phone, CSeq: 1, Auth: auth}
		asked = s.AskOver(own, PCSCF, SCSCF)
		return s, asked, s.AnswerOver(own, status, Challenge("n9"), SCSCF, PCSCF)
	}
	s, asked, answered := play("", 401)
	expect.Fires(t, s, "network-dereg-unprotected", "error", asked, answered)
	s, asked, answered = play(`, integrity-protected="no"`, 403)
	expect.Fires(t, s, "network-dereg-unprotected", "error", asked, answered)
	expect.Silent(t, s, "dereg-rejected")
	s, asked, answered = play(`, integrity-protected="ip-assoc-yes"`, 403)
	expect.Silent(t, s, "network-dereg-unprotected")
	expect.Fires(t, s, "dereg-rejected", "warning", answered, asked)
	s, _, _ = play(`, integrity-protected="ip-assoc-yes"`, 401)
	expect.Silent(t, s, "network-dereg-unprotected")
	s, _, _ = play("", 200)
	expect.Silent(t, s, "network-dereg-unprotected")
}
