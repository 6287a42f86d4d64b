package correlate_test

import (
	"slices"
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

// TestWatcherByGRUU: behind the P-CSCF the instance in a GRUU tells which phone subscribes.
func TestWatcherByGRUU(t *testing.T) {
	s := New(t)
	for i, ue := range []string{UE1, UE2} {
		contact := []string{Phone, Tablet}[i]
		instance := []string{"urn:uuid:aaaa", "urn:uuid:bbbb"}[i]
		r := Register{UE: ue, CSeq: 1, Expires: 3600, ContactLine: "Contact: <" + contact + ">;+sip.instance=\"<" + instance + ">\"\n"}
		s.SetAsked("r" + ue)
		s.Send(PCSCF, SCSCF, r.Text("r"+ue, ue, PCSCF))
		s.AnswerOver(r, 200, Associated+"Contact: <"+contact+">;+sip.instance=\"<"+instance+">\";expires=3600\n", SCSCF, PCSCF)
		s.Send(PCSCF, SCSCF, "SUBSCRIBE "+Alice+" SIP/2.0\n"+Via("s"+ue, ue, PCSCF)+"From: <"+Alice+">;tag=w"+ue+"\nTo: <"+Alice+">\nCall-ID: w"+ue+
			"\nCSeq: 1 SUBSCRIBE\nEvent: reg\nExpires: 3600\nContact: <"+Alice+";gr="+instance+">\n\n")
	}
	var got []string
	for _, w := range s.Close().Subscriptions {
		got = append(got, w.WatcherNode)
	}
	if want := []string{"UE 10.0.0.1", "UE 10.0.0.2"}; !slices.Equal(got, want) {
		t.Errorf("watchers %q, want %q", got, want)
	}
}

// TestPhonesOnBothSides: a phone on Gm and one behind the P-CSCF alone have names of one kind.
func TestPhonesOnBothSides(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	r := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}
	s.SetAsked("behind")
	s.Send(PCSCF, SCSCF, r.Text("behind", UE2, PCSCF))
	s.AnswerOver(r, 200, "Contact: <"+Tablet+">;expires=3600\n", SCSCF, PCSCF)
	u := s.Close()
	if a, b := u.Phone(Phone), u.Phone(Tablet); a != "UE 10.0.0.1" || b != "UE 10.0.0.2" {
		t.Errorf("%q and %q", a, b)
	}
}
