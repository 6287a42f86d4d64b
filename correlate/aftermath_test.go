package correlate_test

import (
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestAftermath: a phone is back when the registrar has accepted it.
func TestAftermath(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(s *Scenario, r Register)
		cut  bool // the capture ends there
		want string
	}{
		{"accepted", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r.CSeq, r.Nonce = 4, "n2"
			s.Registered(r)
		}, false, "the UE registered again 10 s later"},
		{"refused", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r.CSeq, r.Nonce = 4, "n2"
			s.Ask(r)
			s.Answer(r, 403, "")
		}, false, "the UE tried to register again 10 s later, answered 403"},
		{"refused, then accepted", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 500, "")
			s.Wait(20 * time.Second)
			r.CSeq = 4
			s.Registered(r)
		}, false, "the UE registered again 30 s later"},
		{"given up", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
		}, false, "the UE began to register again 10 s later, and did not go on after the 401"},
		{"unanswered", func(s *Scenario, r Register) { s.Ask(r) }, false, "the UE tried to register again 10 s later, without an answer"},
		{"cut", func(s *Scenario, r Register) { s.Ask(r) }, true, "the UE began to register again 10 s later, and the capture ends"},
	} {
		s, r := watchedPhone(t)
		off := Removal(r, 2)
		s.Ask(off)
		s.Answer(off, 200, "")
		s.Wait(10 * time.Second)
		r.CSeq = 3
		c.play(s, r)
		if !c.cut {
			s.Wait(time.Minute)
			s.Send(UE2, PCSCF, "OPTIONS sip:x SIP/2.0\n"+Via("o", UE2)+"From: <sip:x@y>;tag=1\nTo: <sip:x>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
		}
		if got := s.Close().Deregistrations[0].Verdict; !strings.HasSuffix(got, "; "+c.want) {
			t.Errorf("%s: %q, want …; %s", c.name, got, c.want)
		}
	}
}
