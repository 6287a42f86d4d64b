package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestPathMissing(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	f := s.Frame + 1
	s.Registered(r)
	expect.Fires(t, s, "path-missing", "error", f+1, f)

	s = New(t)
	r.Mw = "Path: <sip:term@pcscf.home1.net;lr>\n"
	s.Registered(r)
	expect.Silent(t, s, "path-missing")

	// A plain registrar behind a proxy.
	s = New(t)
	r.Mw = ""
	s.Ask(r)
	s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
	expect.Silent(t, s, "path-missing")
}
