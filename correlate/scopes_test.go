package correlate_test

import (
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestOtherSetEndsLater: what ended one set of a contact does not explain the end of another.
func TestOtherSetEndsLater(t *testing.T) {
	for _, off := range []Register{Removal(ue1Phone, 2), {UE: UE1, Star: true, CSeq: 2}} {
		s := New(t)
		bothSets(s, workPhone)
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone)+Reg(aliceWork, "active", "w1 active registered "+Phone))
		s.Ask(off)
		s.Answer(off, 200, "")
		s.Notify(UE1, 1, "partial", Both("terminated", "1 terminated unregistered "+Phone))
		s.Wait(5 * time.Minute)
		s.Notify(UE1, 2, "partial", Reg(aliceWork, "terminated", "w1 terminated rejected "+Phone))
		u := s.Close()
		Expect(t, u, "user complete identity #17 "+Phone, "network complete all #25 "+Phone)
		for _, i := range u.Deregistrations[0].Identities {
			if want := map[bool]string{true: "active", false: "terminated"}[i.AOR == aliceWork]; i.State != want {
				t.Errorf("%s is %s after the first", i.AOR, i.State)
			}
		}
	}
}

// TestStarListsOthers: the contact that the 200 does not list is gone.
func TestStarListsOthers(t *testing.T) {
	star := Register{UE: UE1, Star: true, CSeq: 2}
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE1, Contact: Phone + ";sos", CallID: "sos", Expires: 600, CSeq: 1})
	s.Ask(star)
	s.Answer(star, 200, "Contact: <"+Phone+";sos>;expires=500\n")
	u := s.Close()
	Expect(t, u, "user complete contact #9 "+Phone)
	if got := Active(u); got != Alice+" "+Phone+";sos\n"+AliceTel+" "+Phone+";sos" {
		t.Errorf("active: %s", got)
	}
}

// TestRTRLeavesEmergency: nothing of the network's ends an emergency registration.
func TestRTRLeavesEmergency(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(Register{UE: UE1, Contact: Phone + ";sos", CallID: "sos", Expires: 600, CSeq: 1})
	s.RTR(0, 2001)
	Expect(t, s.Close(), "network incomplete contact #9 "+Phone)
}

// TestRTROfAStranger: a private identity that the capture knows from the RTR alone is not the one that registered.
func TestRTROfAStranger(t *testing.T) {
	s, bob := sharing(t)
	s.RTR(0, 2001)
	s.Wait(30 * time.Second)
	off := Removal(bob, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "network incomplete contact #9 "+Phone, "user complete all #11 "+bob.Contact)
}

// TestRTRRefusedTooLate: what the documents ended has ended, whatever the S-CSCF answers.
func TestRTRRefusedTooLate(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.RTR(0, 0)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated rejected "+Phone))
	s.RTRAnswer(5012)
	u := s.Close()
	Expect(t, u, "network incomplete all #13 "+Phone)
	if got := u.Deregistrations[0].Missing; !strings.Contains(got, "RTR refused") {
		t.Errorf("missing %q", got)
	}
}

// TestAssignmentOfAnotherSet: a Server-Assignment is no consequence of a de-registration of other identities.
func TestAssignmentOfAnotherSet(t *testing.T) {
	s := New(t)
	bothSets(s, workPhone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Wait(time.Minute)
	s.SAR(Cx{Type: 4, Public: []string{aliceWork}, Result: 2001})
	Expect(t, s.Close(), "user complete identity #9 "+Phone, "expiry incomplete all #13 "+Phone)
}

// TestTwoElementsOfOneIdentity: the second adds to the first.
func TestTwoElementsOfOneIdentity(t *testing.T) {
	s := New(t)
	s.Subscribe(UE1, Phone)
	regs := Reg(Alice, "active", "1 active registered "+Phone) + Reg(Alice, "active", "2 active registered "+Tablet)
	s.Notify(UE1, 0, "full", regs)
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "full", regs)
	u := s.Close()
	Expect(t, u)
	if got := Active(u); got != Alice+" "+Phone+"\n"+Alice+" "+Tablet {
		t.Errorf("active: %s", got)
	}
}

// TestOvertakenDocument: one that the capture has behind its successor fills the gap.
func TestOvertakenDocument(t *testing.T) {
	s := New(t)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Reg(Alice, "active", "1 active registered "+Phone, "2 active registered "+Tablet))
	s.Wait(time.Minute)
	s.Notify(UE1, 2, "partial", Reg(Alice, "active", "2 active refreshed "+Tablet))
	s.Notify(UE1, 1, "partial", Reg(Alice, "active", "1 terminated rejected "+Phone))
	Expect(t, s.Close(), "network complete contact #13 "+Phone)
}

// TestBarredIdentityEnds: the identity that a phone makes of its IMSI is in no document, and ends with its set.
func TestBarredIdentityEnds(t *testing.T) {
	const temporary = "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org"
	r := ue1Phone
	r.AOR = temporary
	s := New(t)
	s.Registered(r)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Notify(UE1, 1, "partial", Reg(AliceTel, "terminated", "1 terminated deactivated "+Phone))
	s.Notify(UE1, 2, "partial", Reg(Alice, "terminated", "1 terminated deactivated "+Phone))
	u := s.Close()
	Expect(t, u, "network complete all #13 "+Phone)
	if got := Active(u); got != "" {
		t.Errorf("active: %s", got)
	}
}

// TestHopsOutOfOrder: which hop is the phone's is for Via to say, not for the order of the capture.
func TestHopsOutOfOrder(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Send(PCSCF, SCSCF, off.Text("x", UE1, PCSCF))
	s.Send(UE1, PCSCF, off.Text("x", UE1))
	s.SetAsked("x")
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user complete all #5 "+Phone)
}

// TestRefusedNotify: a watcher that answers 481 is not told.
func TestRefusedNotify(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.RTR(0, 2001)
	s.NotifyOver(UE1, "terminated;reason=rejected", 1, "full", Both("terminated", "1 terminated rejected "+Phone), SCSCF, PCSCF, UE1)
	s.NotifyAnswer(UE1, 481, UE1, PCSCF, SCSCF)
	u := s.Close()
	Expect(t, u, "network incomplete all #13 "+Phone)
	if got := u.Deregistrations[0].Verdict; !strings.Contains(got, "UE answered the NOTIFY with 481") {
		t.Error(got)
	}
}

// TestLastWordWithoutDocument: a NOTIFY that ends the subscription tells its watcher as well.
func TestLastWordWithoutDocument(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Watches(Watch{})
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)})
	s.RTR(2, 2001)
	f := s.Tells(Told{State: "terminated;reason=deactivated"})
	u := s.Close()
	if d := u.Deregistrations[0]; d.Outcome != "complete" || len(d.Told) != 1 || d.Told[0].Frame != f || d.Told[0].Answer != 200 {
		t.Errorf("%s %+v", d.Outcome, d.Told)
	}
}

// TestStarWithLostNotify: the answer to a NOTIFY that the capture lost shows that there was something to tell.
func TestStarWithLostNotify(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Minute)
	star := Register{UE: UE1, Star: true, CSeq: 2}
	s.Ask(star)
	s.Answer(star, 200, "")
	s.NotifyAnswer(UE1, 200, UE1, PCSCF, SCSCF)
	Expect(t, s.Close(), "user incomplete all #13 "+Phone)
}

// TestLeftOut: a partial document does not speak of an identity that ended with the others.
func TestLeftOut(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	for _, by := range []string{UE1, PCSCF} {
		s.Watches(Watch{By: by})
		s.Tells(Told{By: by, Regs: Both("active", "1 active registered "+Phone)})
	}
	s.Wait(time.Minute)
	s.RTR(0, 2001)
	const gone = "1 terminated rejected " + Phone
	s.Tells(Told{By: UE1, Version: 1, Partial: true, Regs: Reg(Alice, "terminated", gone)})
	s.Tells(Told{By: PCSCF, Version: 1, Partial: true, Regs: Both("terminated", gone)})
	d := s.Close().Deregistrations[0]
	if want := "UE and P-CSCF were told, UE not of " + AliceTel + ";"; !strings.Contains(d.Verdict, want) {
		t.Errorf("verdict %q, want %q", d.Verdict, want)
	}
}

// TestTwoSubscriptionsOfOne: what a P-CSCF watches tells its subscriptions apart.
func TestTwoSubscriptionsOfOne(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: Reg(Alice, "active", "1 active registered "+Phone)})
	s.Watches(Watch{By: PCSCF, To: AliceTel, CallID: "tel"})
	s.Tells(Told{By: PCSCF, CallID: "tel", Regs: Reg(AliceTel, "active", "1 active registered "+Phone)})
	s.Wait(time.Minute)
	s.RTR(0, 2001)
	s.Tells(Told{By: PCSCF, Version: 1, Regs: Reg(Alice, "terminated", "1 terminated rejected "+Phone)})
	d := s.Close().Deregistrations[0]
	if want := "P-CSCF for " + Alice + " was told, P-CSCF for " + AliceTel + " was not;"; !strings.Contains(d.Verdict, want) {
		t.Errorf("verdict %q, want %q", d.Verdict, want)
	}
}
