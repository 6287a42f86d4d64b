package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestEdgeRefusesRegistration(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	s.Ask(r)
	ok := s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	f := s.AnswerOver(r, 403, "", PCSCF, UE1)
	expect.Fires(t, s, "edge-refuses-registration", "error", f, ok)

	// The PCRF had no session of the device, or did not answer; that of another device's is no reason.
	for _, c := range []struct {
		phone, then string
		answer      uint32
		refused     int
		fires       bool
	}{
		{"10.0.0.1", "504 X: AAA 5065 IP-CAN_SESSION_NOT_AVAILABLE", 5065, 504, true},
		{"10.0.0.1", "403 X: AAA 3002 DIAMETER_UNABLE_TO_DELIVER", 3002, 403, true},
		{"10.0.0.1", "500 X: AAR unanswered", 0, 500, true},
		{"10.0.0.1", "", 2001, 504, false},
		{"10.0.0.2", "", 5065, 504, false},
	} {
		s = New(t)
		asked := s.AskOver(r, UE1, PCSCF)
		rx := s.AAR(c.phone, c.answer)
		f = s.AnswerOver(r, c.refused, "", PCSCF, UE1)
		if !c.fires {
			expect.Silent(t, s, "edge-refuses-registration")
			continue
		}
		if h := expect.Fires(t, s, "edge-refuses-registration", "error", append([]uint32{f, asked}, rx...)...); h.Detail != c.then {
			t.Errorf("%q, want %q", h.Detail, c.then)
		}
	}

	// When the registrar had accepted it already.
	s = New(t)
	s.Ask(r)
	ok = s.AnswerOver(r, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	rx := s.AAR("10.0.0.1", 5065)
	f = s.AnswerOver(r, 403, "", PCSCF, UE1)
	expect.Fires(t, s, "edge-refuses-registration", "error", append([]uint32{f, ok}, rx...)...)

	// The registrar's own refusal.
	s = New(t)
	s.Ask(r)
	s.Answer(r, 403, "")
	expect.Silent(t, s, "edge-refuses-registration")

	// A late 408 beside the 200.
	s = New(t)
	s.Ask(r)
	s.AnswerOver(r, 408, "", PCSCF, UE1)
	s.AnswerOver(r, 200, "", SCSCF, PCSCF)
	expect.Silent(t, s, "edge-refuses-registration")
}
