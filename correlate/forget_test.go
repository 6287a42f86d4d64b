package correlate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
)

// onLive gives a scenario that a Live gets, and what lets time pass in steps.
func onLive(t *testing.T, take func(correlate.Emission)) (s *Scenario, l *correlate.Live, wait func(time.Duration)) {
	s, l = New(t), correlate.NewLive(correlate.Options{})
	s.Engine = l.Engine
	return s, l, func(d time.Duration) {
		for ; d > 0; d -= min(d, time.Minute) {
			l.Advance(s.Now, 0, take)
			s.Wait(min(d, time.Minute))
		}
		l.Advance(s.Now, 0, take)
	}
}

// What is held of a user does not grow with the registrations that are over, whether contacts and subscriptions are new
// each time or not.
func TestWhatIsOverIsForgotten(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		s, l, wait := onLive(t, func(correlate.Emission) {})
		for i := range 200 {
			contact, watch := Phone, "sub"
			if fresh {
				contact, watch = fmt.Sprintf("sip:u%d@10.0.0.1:5060", i), fmt.Sprint("sub-", i)
			}
			s.Registered(Register{UE: UE1, Contact: contact, Expires: 600000, CSeq: 1 + 2*i})
			s.Watches(Watch{By: UE1, Contact: contact, CallID: watch})
			s.Tells(Told{By: UE1, CallID: watch, Partial: i > 0 && !fresh, Version: 2 * i, Regs: Both("active", fmt.Sprintf("c%d active registered %s", i, contact))})
			wait(14 * time.Minute)
			s.Removed(Register{UE: UE1, Contact: contact}, 2+2*i)
			s.Tells(Told{By: UE1, CallID: watch, Partial: !fresh, Version: 2*i + 1, State: "terminated", Regs: Both("terminated", fmt.Sprintf("c%d terminated unregistered %s", i, contact))})
			wait(10 * time.Second)
			if facts, wakeups := l.Held(); facts > 150 || wakeups > 100 {
				t.Fatalf("fresh %v: %d facts and %d wakeups are held after %d cycles", fresh, facts, wakeups, i+1)
			}
		}
		if d := l.Totals.Deregistrations; d != (correlate.Deregistrations{User: 200}) {
			t.Errorf("fresh %v: %+v, want 200 by the user", fresh, d)
		}
	}
}

// maxRemembered is what is kept of a user for longer: 256 contacts, and three facts of 64 subscriptions each.
const maxRemembered = 256 + 3*64

// Subscriptions that nobody ends, and contacts that nobody removes, are remembered up to a bound.
func TestWhatNeverEndsIsBounded(t *testing.T) {
	s, l, wait := onLive(t, func(correlate.Emission) {})
	for i := range 400 {
		contact, watch := fmt.Sprintf("sip:u%d@10.0.0.1:5060", i), fmt.Sprint("sub-", i)
		s.Registered(Register{UE: UE1, Contact: contact, Expires: 600000, CSeq: 1 + i})
		s.Watches(Watch{By: UE1, Contact: contact, CallID: watch})
		s.Tells(Told{By: UE1, CallID: watch, State: "active;expires=600000"})
		wait(5 * time.Minute)
	}
	if facts, _ := l.Held(); facts > 3*maxRemembered/2 {
		t.Errorf("%d facts are held", facts)
	}
	if n := l.Stats(nil).Dropped["users-and-facts"]; n == 0 {
		t.Error("contacts were forgotten that are bound, and not counted")
	}
}

// An open subscription names a user who was forgotten: a new one begins, who is counted, reported and forgotten as others are.
func TestForgottenComesAgain(t *testing.T) {
	events := 0
	s, l, wait := onLive(t, func(e correlate.Emission) {
		if e.Event != nil {
			events++
		}
	})
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 300, CSeq: 1})
	s.Subscribe(UE1, Phone)
	wait(time.Minute)
	s.Removed(Register{UE: UE1, Contact: Phone}, 2)
	wait(30 * time.Minute)
	if n, dropped := l.Users(), l.Totals.UsersDropped; n != 0 || dropped != 1 || events != 6 {
		t.Fatalf("%d users, %d dropped, %d events, want one who was dropped, and 6", n, dropped, events)
	}
	s.Notify(UE1, 5, "full", Both("active", "c active registered "+Phone+" 300"))
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 300, CSeq: 9})
	wait(time.Minute)
	if n := l.Users(); n != 1 || events != 10 {
		t.Errorf("%d users and %d events, want one user and 10", n, events)
	}
	s.Removed(Register{UE: UE1, Contact: Phone}, 10)
	s.Notify(UE1, 6, "full", Both("terminated", "c terminated unregistered "+Phone+" 0"))
	r := len(slices.Collect(l.Engine.Close(nil, nil).Users()))
	if r != 1 {
		t.Errorf("%d users in the report, want one", r)
	}
}

// A call of one who is not registered is a fact as others are: its address and its encapsulation stay known.
func TestStraysStayKnown(t *testing.T) {
	s, l, wait := onLive(t, func(correlate.Emission) {})
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "c active registered "+Phone+" 300"))
	s.Notify(UE1, 1, "full", Both("terminated", "c terminated deactivated "+Phone+" 0"))
	wait(3 * time.Second)
	call := func(id, from string) {
		s.Send(from, PCSCF, "INVITE sip:bob@home1.net SIP/2.0\n"+Via(id, from)+"From: <"+Alice+">;tag=f\nTo: <sip:bob@home1.net>\nCall-ID: "+id+"\nCSeq: 1 INVITE\nContent-Length: 0\n\n")
	}
	const away, later = "10.77.0.1:5060", "10.88.0.1:5060"
	s.InESP(7)
	call("i1", away)
	wait(5 * time.Minute)
	s.InESP(0)
	s.Registered(Register{UE: UE2, AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Contact: Tablet, Expires: 3600, CSeq: 1}) // what is open is over
	l.Trim()
	s.InESP(8)
	call("i2", later)
	if got, want := l.Strays(), []string{away + " esp spi 0x7", later + " esp spi 0x8"}; !slices.Equal(got, want) {
		t.Errorf("strays from %q, want %q", got, want)
	}
}
