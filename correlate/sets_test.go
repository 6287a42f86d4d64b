package correlate_test

import (
	"strconv"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// Two implicit registration sets of one phone: the private and the work identity.
const aliceWork = "sip:alice.work@home1.net"

var workPhone = Register{UE: UE1, AOR: aliceWork, CallID: "work", Contact: Phone, Expires: 3600, CSeq: 1}

// bothSets registers the phone for both.
func bothSets(s *Scenario, work Register) {
	s.Registered(ue1Phone)
	s.Ask(work)
	s.Answer(work, 200, "P-Associated-URI: <"+aliceWork+">\nContact: <"+Phone+">;expires="+strconv.Itoa(work.Expires)+"\n")
}

// TestSetsEndAlone: bindings are those of an address-of-record and its implicit registration set (RFC 3261 10.3).
func TestSetsEndAlone(t *testing.T) {
	s := New(t)
	bothSets(s, workPhone)
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	u := s.Close()
	Expect(t, u, "user complete identity #9 "+Phone)
	if got := Active(u); got != aliceWork+" "+Phone {
		t.Errorf("active: %s", got)
	}
}

// TestSetsRunOutAlone: each has its own time.
func TestSetsRunOutAlone(t *testing.T) {
	s := New(t)
	work := workPhone
	work.Expires = 60
	bothSets(s, work)
	s.Wait(5 * time.Minute)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u, "expiry incomplete identity #7 "+Phone)
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}
}

// TestStarOfAnotherIdentity: the set ends whichever of its identities is named.
func TestStarOfAnotherIdentity(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	star := Register{UE: UE1, AOR: AliceTel, Star: true, CSeq: 2}
	s.Ask(star)
	s.Answer(star, 200, "")
	u := s.Close()
	Expect(t, u, "user complete all #5 "+Phone)
}

// TestIdentitiesBeforeTheNextEnd: what stays reachable is what does before the next de-registration takes it.
func TestIdentitiesBeforeTheNextEnd(t *testing.T) {
	s := New(t)
	both := func(state1, state2, event string) string {
		return Reg(Alice, "active", "1 "+state1+" "+event+" "+Phone, "2 "+state2+" "+event+" "+Tablet)
	}
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", both("active", "active", "registered"))
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "partial", Reg(Alice, "active", "2 terminated probation "+Tablet))
	s.Wait(time.Second)
	s.Notify(UE1, 2, "full", Reg(Alice, "terminated", "1 terminated rejected "+Phone, "2 terminated probation "+Tablet))
	u := s.Close()
	Expect(t, u, "network complete contact #9 "+Tablet, "network complete all #13 "+Phone)
	if got := u.Deregistrations[0].Identities[0].State; got != "active" {
		t.Errorf("after the first: %s", got)
	}
}
