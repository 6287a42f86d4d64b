package correlate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// TestExpiryBetweenRegisters: a REGISTER long after the granted time is no refresh.
func TestExpiryBetweenRegisters(t *testing.T) {
	short := ue1Phone
	short.Expires = 60
	s := New(t)
	s.Registered(short)
	s.Wait(5 * time.Minute)
	short.CSeq = 2
	s.Registered(short)
	Expect(t, s.Close(), "expiry incomplete all #3 "+Phone)

	s = New(t) // nor is one a little late an expiry
	s.Registered(short)
	s.Wait(64 * time.Second)
	short.CSeq = 3
	s.Registered(short)
	Expect(t, s.Close())
}

// watchedPhone is registered for a minute, and watches.
func watchedPhone(t *testing.T) (*Scenario, Register) {
	s := New(t)
	r := ue1Phone
	r.Expires = 60
	s.Registered(r)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	return s, r
}

// TestUnansweredExplainsLess: what the registrar says outranks a REGISTER that it never answered, and so does the clock.
func TestUnansweredExplainsLess(t *testing.T) {
	s, r := watchedPhone(t)
	s.Ask(Removal(r, 2))
	s.Wait(15 * time.Second)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated rejected "+Phone))
	s.Wait(time.Minute)
	s.Query(UE1)
	Expect(t, s.Close(), "user unanswered contact #13 "+Phone, "network complete all #15 "+Phone)

	s, r = watchedPhone(t)
	s.Wait(50 * time.Second)
	s.Ask(Removal(r, 2))
	s.Wait(10 * time.Second)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated expired "+Phone))
	s.Wait(time.Minute)
	s.Query(UE1)
	Expect(t, s.Close(), "user unanswered contact #13 "+Phone, "expiry complete all #15 "+Phone)
}

// TestUnregisteredAtItsTime: a widespread registrar says unregistered for everything; the clock knows better.
func TestUnregisteredAtItsTime(t *testing.T) {
	s, _ := watchedPhone(t)
	s.Wait(61 * time.Second)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
	u := s.Close()
	Expect(t, u, "expiry complete all #13 "+Phone)
}

// TestLateNewsOfAnEarlierEnd: a NOTIFY of the de-registration that overtakes nothing but comes behind the next
// registration is not about that.
func TestLateNewsOfAnEarlierEnd(t *testing.T) {
	s, r := watchedPhone(t)
	off := Removal(r, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Wait(200 * time.Millisecond)
	r.CSeq = 3
	s.Registered(r)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
	s.Notify(UE1, 2, "full", Both("active", "2 active registered "+Phone))
	u := s.Close()
	Expect(t, u, "user complete all #13 "+Phone)
	if d := u.Deregistrations[0]; len(d.Told) != 1 || d.Told[0].Frame != 21 {
		t.Errorf("told: %+v", d.Told)
	}
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}
}

// TestAcceptedAndIgnored: a document that goes on listing the contact shows that the 200 was all there was.
func TestAcceptedAndIgnored(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone+" 3600"))
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Wait(20 * time.Second)
	s.Notify(UE1, 1, "full", Both("active", "1 active registered "+Phone+" 3580"))
	u := s.Close()
	Expect(t, u, "user rejected contact #13 "+Phone)
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}
}

// TestCrossingRTR: a REGISTER that was on its way when the HSS asked for the end does not explain the end, nor does it
// make another registration of it.
func TestCrossingRTR(t *testing.T) {
	gone := Both("terminated", "1 terminated rejected "+Phone)
	t.Run("removal", func(t *testing.T) {
		for _, status := range []int{481, 200} {
			s, r := watchedPhone(t)
			s.RTR(0, 0)
			off := Removal(r, 2)
			s.Ask(off)
			s.Notify(UE1, 1, "full", gone)
			s.Answer(off, status, "")
			s.RTRAnswer(2001)
			u := s.Close()
			want := "user complete contact #14 "
			if status == 481 {
				want = "user rejected contact #14 " + Phone
			}
			Expect(t, u, "network complete all #13 "+Phone, want)
			if d := u.Deregistrations[1]; len(d.Told) > 0 {
				t.Errorf("%d: told of nothing: %+v", status, d.Told)
			}
			for _, i := range u.Deregistrations[1].Identities {
				if i.Before != i.State {
					t.Errorf("%d: %s was %s, is %s", status, i.AOR, i.Before, i.State)
				}
			}
		}
	})
	t.Run("refresh", func(t *testing.T) {
		s, r := watchedPhone(t)
		r.CSeq, r.Expires = 2, 60
		s.Ask(r)
		s.RTR(0, 0)
		s.Answer(r, 200, "Contact: <"+Phone+">;expires=60\n")
		s.Notify(UE1, 1, "full", gone)
		s.RTRAnswer(2001)
		u := s.Close()
		if len(u.Deregistrations) != 1 {
			t.Fatalf("%d de-registrations", len(u.Deregistrations))
		}
		Expect(t, u, "network complete all #15 "+Phone)
		if d := u.Deregistrations[0]; len(d.Told) != 1 || d.Told[0].Frame == 0 {
			t.Errorf("told: %+v", d.Told)
		}
	})
}

// TestRTREndsAnothers: the registrar ends with one private identity's contact another's, in the same document.
func TestRTREndsAnothers(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE2, Contact: Tablet, IMPI: "alice2@home1.net", Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	s.Wait(time.Minute)
	s.RTR(0, 0, Alice, AliceTel)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated rejected "+Phone, "2 terminated rejected "+Tablet))
	s.RTRAnswer(2001)
	u := s.Close()
	Expect(t, u, "network complete all #17 "+Phone+" "+Tablet)
	const want = "RTR is for alice@home1.net: the registrar ends " + Tablet + " of alice2@home1.net with it"
	if d := u.Deregistrations[0]; !slices.ContainsFunc(d.Evidence, func(e story.Evidence) bool { return e.What == want }) {
		t.Errorf("evidence %v, want %q", d.Evidence, want)
	}
}

// TestTwoCausesInOneDocument: what one document ends is over, whatever ended it.
func TestTwoCausesInOneDocument(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone, "2 terminated deactivated "+Tablet))
	for i, d := range s.Close().Deregistrations {
		if !strings.Contains(d.Verdict, "no identity stays reachable") {
			t.Errorf("%d: %s", i, d.Verdict)
		}
	}
}

// TestRegisteredWithinRTR: a phone that is back before the S-CSCF has answered the RTR is back.
func TestRegisteredWithinRTR(t *testing.T) {
	s, r := watchedPhone(t)
	s.RTR(2, 0)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated deactivated "+Phone))
	r.CSeq = 2
	s.Registered(r)
	s.RTRAnswer(2001)
	u := s.Close()
	Expect(t, u, "network complete all #13 "+Phone)
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}
	s, r = watchedPhone(t) // and without a document
	s.RTR(2, 0)
	r.CSeq = 2
	s.Registered(r)
	s.RTRAnswer(2001)
	u = s.Close()
	if b := u.Bindings[0]; b.Active || b.Ended > u.Bindings[2].Registered {
		t.Errorf("ended %d, registered again %d", b.Ended, u.Bindings[2].Registered)
	}
}

// TestEmergencyContactIsNoReach: nobody is reachable at the contact of an emergency registration.
func TestEmergencyContactIsNoReach(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE1, Contact: Phone + ";sos", CallID: "sos", Expires: 600, CSeq: 1})
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "Contact: <"+Phone+";sos>;expires=500\n")
	d := s.Close().Deregistrations[0]
	if d.Scope != story.ScopeContact || !strings.Contains(d.Verdict, "no identity stays reachable") {
		t.Errorf("%s: %s", d.Scope, d.Verdict)
	}
}
