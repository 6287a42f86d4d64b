package correlate_test

import (
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestEmergencyContact: the contact of an emergency registration is another than the phone's usual one, which stays.
func TestEmergencyContact(t *testing.T) {
	sos := Register{UE: UE1, Contact: Phone + ";sos", CallID: "sos", Expires: 60, CSeq: 1}
	s := New(t)
	s.Registered(ue1Phone)
	s.Wait(time.Second)
	s.Registered(sos)
	s.Wait(5 * time.Minute)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u, "expiry incomplete contact #7 "+Phone+";sos")
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}

	s = New(t)
	s.Registered(ue1Phone)
	sos.Expires = 3600
	s.Ask(sos)
	s.Answer(sos, 200, "Contact: <"+Phone+">;expires=3599, <"+Phone+";sos>;expires=3600\n")
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "Contact: <"+Phone+";sos>;expires=3570\n")
	Expect(t, s.Close(), "user complete contact #9 "+Phone)
}

// TestContactsBehindNAT: another port is another phone.
func TestContactsBehindNAT(t *testing.T) {
	const one, two = "sip:alice@203.0.113.9:40001", "sip:alice@203.0.113.9:40002"
	s := New(t)
	s.Registered(Register{UE: "203.0.113.9:40001", Contact: one, Expires: 3600, CSeq: 1})
	off := Register{UE: "203.0.113.9:40002", Contact: two, CSeq: 7}
	s.Ask(off)
	s.Answer(off, 200, "Contact: <"+one+">;expires=3500\n")
	u := s.Close()
	Expect(t, u, "user complete contact #5 "+two)
	if got := Active(u); got != Alice+" "+one+"\n"+AliceTel+" "+one {
		t.Errorf("active: %s", got)
	}
}

// TestRewrittenContact: a proxy that writes the contact anew makes no second one of it.
func TestRewrittenContact(t *testing.T) {
	const inside = "sip:alice@10.9.0.1:5060"
	s := New(t)
	s.Ask(ue1Phone)
	s.Answer(ue1Phone, 200, Associated+"Contact: <"+inside+">;expires=3600\n")
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+inside))
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+inside))
	u := s.Close()
	Expect(t, u, "user complete all #13 "+Phone)
	if len(u.Bindings) != 2 || len(u.Deregistrations[0].Told) != 1 || u.Deregistrations[0].Told[0].Frame == 0 {
		t.Errorf("%d bindings, told %+v", len(u.Bindings), u.Deregistrations[0].Told)
	}
}

// TestMoved: the same instance from a new address takes the place of the old contact where the 200 lists it no more.
func TestMoved(t *testing.T) {
	const moved = "sip:alice@10.0.0.3:5060"
	const instance = `;+sip.instance="<urn:gsma:imei:35000013-000000-0>"`
	s := New(t)
	at := func(contact string, cseq int) Register {
		return Register{UE: UE1, Contact: contact, CSeq: cseq, Expires: 60, ContactLine: "Contact: <" + contact + ">" + instance + "\n"}
	}
	for i, c := range []string{Phone, moved} {
		r := at(c, i+1)
		s.Ask(r)
		s.Answer(r, 200, Associated+"Contact: <"+c+">"+instance+";expires=600\n")
	}
	s.Wait(2 * time.Minute)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u, "network complete contact #7 "+Phone)
	if got := Active(u); got != Alice+" "+moved+"\n"+AliceTel+" "+moved {
		t.Errorf("active: %s", got)
	}
}

// TestStarOfOnePhone: "Contact: *" removes what the phone itself has bound.
func TestStarOfOnePhone(t *testing.T) {
	tablet := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}
	star := Register{UE: UE1, Star: true, CSeq: 2}
	s := New(t)
	s.Registered(ue1Phone)
	s.Registered(tablet)
	s.Ask(star)
	s.Answer(star, 200, "Contact: <"+Phone+">;expires=0, <"+Tablet+">;expires=3000\n")
	Expect(t, s.Close(), "user complete contact #9 "+Phone)

	// Without a word of what was removed: another private identity's contacts stay all the same.
	bob := Register{UE: UE2, AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Contact: "sip:bob@10.0.0.2:5060", Expires: 3600, CSeq: 1}
	s = New(t)
	s.Ask(ue1Phone)
	s.Answer(ue1Phone, 200, "P-Associated-URI: <"+Alice+">, <sip:family@home1.net>\nContact: <"+Phone+">;expires=3600\n")
	s.Ask(bob)
	s.Answer(bob, 200, "P-Associated-URI: <"+bob.AOR+">, <sip:family@home1.net>\nContact: <"+bob.Contact+">;expires=3600\n")
	s.Ask(star)
	s.Answer(star, 200, "")
	u := s.Close()
	Expect(t, u, "user complete contact #9 "+Phone)
	if got := Active(u); got != bob.AOR+" "+bob.Contact+"\nsip:family@home1.net "+bob.Contact {
		t.Errorf("active: %s", got)
	}
}
