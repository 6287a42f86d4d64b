package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestIntegrityFromPhone(t *testing.T) {
	s := New(t)
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Auth: `, integrity-protected="yes"`}
	f := s.Ask(r)
	expect.Fires(t, s, "integrity-protected-from-phone", "warning", f)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, MwAuth: `, integrity-protected="yes"`})
	own := Register{UE: PCSCF, Contact: Phone, CSeq: 1, Auth: `, integrity-protected="ip-assoc-yes"`}
	s.AskOver(own, PCSCF, SCSCF)
	expect.Silent(t, s, "integrity-protected-from-phone")
}
