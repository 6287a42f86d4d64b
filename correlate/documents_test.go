package correlate_test

import (
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// TestActiveWithoutContact: a partial document ends the contact that it names and calls the registration active: there is
// another one, unless a full document had listed all.
func TestActiveWithoutContact(t *testing.T) {
	const claim = "reginfo still calls " + Alice + " active, without a contact"
	for _, whole := range []bool{false, true} {
		s := New(t)
		s.Registered(ue1Phone)
		s.Subscribe(UE1, Phone)
		version := 3
		if whole {
			s.Notify(UE1, version-1, "full", Both("active", "1 active registered "+Phone))
		}
		s.Wait(time.Minute)
		s.Notify(UE1, version, "partial", Reg(Alice, "active", "1 terminated rejected "+Phone)+Reg(AliceTel, "terminated", "1 terminated rejected "+Phone))
		d := s.Close().Deregistrations[0]
		for _, i := range d.Identities {
			if want := map[bool]string{true: "active", false: "terminated"}[i.AOR == Alice && !whole]; i.State != want {
				t.Errorf("full document %v: %s is %s", whole, i.AOR, i.State)
			}
		}
		if got := strings.Contains(d.Verdict, claim); got != whole {
			t.Errorf("full document %v: %s", whole, d.Verdict)
		}
	}
}

// TestShortened: what ran out is what the network left of the granted time.
func TestShortened(t *testing.T) {
	const short = "Expired: the network had shortened it to 60 s, and no REGISTER followed;"
	for _, told := range []bool{false, true} {
		s := New(t)
		s.Registered(ue1Phone)
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
		s.Wait(time.Minute)
		s.Notify(UE1, 1, "partial", Both("active", "1 active shortened "+Phone+" 60"))
		s.Wait(62 * time.Second)
		if told {
			s.Notify(UE1, 2, "partial", Both("terminated", "1 terminated expired "+Phone))
		}
		s.Wait(3 * time.Minute)
		s.Send(UE2, PCSCF, "OPTIONS sip:x SIP/2.0\n"+Via("o", UE2)+"From: <sip:x@y>;tag=1\nTo: <sip:x>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
		d := s.Close().Deregistrations[0]
		if !strings.HasPrefix(d.Verdict, short) || d.Evidence[0].Frame != 13 {
			t.Errorf("told %v: %s %v", told, d.Verdict, d.Evidence)
		}
	}
	// A REGISTER afterwards is granted anew.
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active shortened "+Phone+" 60"))
	r := ue1Phone
	r.CSeq, r.Expires = 2, 60
	s.Registered(r)
	s.Wait(62 * time.Second)
	s.Notify(UE1, 2, "partial", Both("terminated", "1 terminated expired "+Phone))
	if d := s.Close().Deregistrations[0]; !strings.HasPrefix(d.Verdict, "Expired: the granted time ran out after a grant of 1 min 0 s") {
		t.Error(d.Verdict)
	}
}

// TestGap: who ended a contact that is not listed any more the missing document would tell.
func TestGap(t *testing.T) {
	for version, want := range map[int]string{1: "network complete all #13 " + Phone, 2: "unknown complete all #13 " + Phone} {
		s := New(t)
		s.Registered(ue1Phone)
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
		s.Wait(time.Minute)
		s.Notify(UE1, version, "full", Reg(Alice, "terminated")+Reg(AliceTel, "terminated"))
		Expect(t, s.Close(), want)
	}
}

// TestImplicitIdentity: what the first document lists beside the identities of the 200 is registered by the same REGISTER.
func TestImplicitIdentity(t *testing.T) {
	s := New(t)
	r := ue1Phone
	r.Unchallenged = true
	s.Ask(r)
	s.Answer(r, 401, Challenge("n1"))
	r = ue1Phone
	r.CSeq, r.Nonce = 2, "n1"
	s.Ask(r)
	s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Reg(Alice, "active", "1 active registered "+Phone)+Reg(AliceTel, "active", "2 active created "+Phone))
	u := s.Close()
	if k := u.Registrations()[0].Kind; k != story.RegistrationInitial {
		t.Errorf("registration is %s", k)
	}
	if u.Bindings[1].Registered != u.Bindings[0].Registered {
		t.Errorf("registered at %d and %d", u.Bindings[0].Registered, u.Bindings[1].Registered)
	}
}

// TestLateRest: what a document adds to an end half a minute later does not make the end half a minute longer.
func TestLateRest(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "partial", Reg(Alice, "active", "2 terminated probation "+Tablet))
	s.Wait(30 * time.Second)
	s.Notify(UE1, 2, "full", Both("terminated", "1 terminated rejected "+Phone))
	u := s.Close()
	if d := u.Deregistrations[0]; !strings.Contains(d.Verdict, Alice+" and "+AliceTel+" stay reachable") || d.Scope == story.ScopeAll {
		t.Errorf("%s: %s", d.Scope, d.Verdict)
	}
}
