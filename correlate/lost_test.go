package correlate_test

import (
	"strings"
	"testing"
	"time"

	"imscope/correlate/story"

	. "imscope/correlate/internal/scenario"
)

// TestLostOnFirstLink: the capture lost a REGISTER between phone and P-CSCF, and has its answer there.
func TestLostOnFirstLink(t *testing.T) {
	behind := func(s *Scenario, r Register) { // the P-CSCF sends it on
		s.SetAsked("lost")
		s.Send(PCSCF, SCSCF, r.Text("lost", UE1, PCSCF))
	}
	s, r := watchedPhone(t)
	off := Removal(r, 2)
	behind(s, off)
	s.Answer(off, 200, "")
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
	d := s.Close().Deregistrations[0]
	if d.Outcome != story.Complete || d.Missing != "" {
		t.Errorf("%s, missing %q", d.Outcome, d.Missing)
	}

	s = New(t)
	s.Registered(Register{UE: UE2, Contact: Tablet, AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Expires: 60, CSeq: 1}) // shows who is who
	first := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Unchallenged: true}
	behind(s, first)
	s.Answer(first, 401, Challenge("n1"))
	first.CSeq, first.Nonce, first.Unchallenged = 2, "n1", false
	s.Registered(first)
	s.Wait(time.Second)
	for _, g := range s.Close().Registrations() {
		if !strings.HasPrefix(g.Origin, "UE ") {
			t.Errorf("registration from %s", g.Origin)
		}
	}
}
