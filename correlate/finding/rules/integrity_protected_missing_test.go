package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestIntegrityMissing(t *testing.T) {
	off := Register{UE: UE1, Contact: Phone, CSeq: 2, Header: "Security-Verify: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4\n"}
	s := New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	f := s.Ask(off)
	s.Answer(off, 401, Challenge("n2"))
	expect.Fires(t, s, "integrity-protected-missing", "error", f+1, f)

	// A registrar that does not care.
	s = New(t)
	f = s.Ask(off)
	s.Answer(off, 200, "")
	expect.Fires(t, s, "integrity-protected-missing", "info", f+1, f)

	s = New(t)
	off.MwAuth = `, integrity-protected="yes"`
	s.Ask(off)
	s.Answer(off, 401, Challenge("n2"))
	expect.Silent(t, s, "integrity-protected-missing")
}
