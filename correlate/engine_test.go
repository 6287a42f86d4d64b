package correlate_test

import (
	"testing"
	"time"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

var ue1Phone = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}

// removal is a de-REGISTER of a registration.
func Removal(r Register, cseq int) Register {
	r.Expires, r.CSeq = 0, cseq
	return r
}

func TestUserDeregistration(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 2)
	f := s.Ask(off)
	s.Notify(UE1, 1, "full", Both("terminated", "0x1 terminated expired "+Phone)) // before the 200, with the wrong event
	last := s.Answer(off, 200, "Contact: <"+Phone+">;expires=0\n")
	u := s.Close()
	Expect(t, u, "user complete all #13 "+Phone)
	d := u.Deregistrations[0]
	if d.TriggerFrame != f || d.Frames[len(d.Frames)-1] != last || len(d.Frames) != 8 {
		t.Errorf("trigger %d, frames %v; want %d and 8 frames up to %d", d.TriggerFrame, d.Frames, f, last)
	}
	if len(d.Told) != 1 || d.Told[0].Frame == 0 || d.Told[0].Answer != 200 {
		t.Errorf("told: %+v", d.Told)
	}
	for _, i := range d.Identities {
		if i.State != "terminated" || i.Before != "active" {
			t.Errorf("identity %+v", i)
		}
	}
}

func TestWithoutContactParameter(t *testing.T) {
	// The Expires header alone says 0, and the capture begins in the middle.
	s := New(t)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user complete all #1 "+Phone)
}

func TestQueryIsNoDeregistration(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u)
	if Active(u) != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", Active(u))
	}
}

func TestChallengedDeregistration(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 401, "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\n")
	off.CSeq = 3
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user complete all #5 "+Phone)
}

func TestChallengedAndGivenUp(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 401, "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\n")
	s.Wait(time.Minute)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u, "user rejected contact #5 "+Phone)
	if got := u.Deregistrations[0].Cause; got != "the phone asked for it, was challenged with 401 and gave up" {
		t.Errorf("cause %q", got)
	}
	if Active(u) == "" {
		t.Error("the binding is gone")
	}
}

func TestRejected(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 403, "")
	off.CSeq = 3
	s.Ask(off)
	s.Answer(off, 403, "")
	Expect(t, s.Close(), "user rejected contact #5 "+Phone, "user rejected contact #9 "+Phone)
}

func TestUnansweredIsOneAttempt(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Wait(600 * time.Millisecond)
	s.Send(UE1, PCSCF, off.Text("r2", UE1)) // retransmission
	s.Send(UE1, PCSCF, off.Text("r2", UE1)) // the same, captured twice
	s.Wait(10 * time.Second)
	off.CSeq = 3
	s.Ask(off)
	u := s.Close()
	Expect(t, u, "user unanswered contact #5 "+Phone)
	if r := s.Engine.Close(nil, nil).Stats; r.Retransmissions != 1 || r.Duplicates != 1 || r.UniqueMessages != r.SIPMessages-1 {
		t.Errorf("%d retransmissions, %d duplicates, %d of %d unique", r.Retransmissions, r.Duplicates, r.UniqueMessages, r.SIPMessages)
	}
	if n := u.Timeline[2].Repeats; n != 1 {
		t.Errorf("retransmissions of the first request: %d, want 1", n)
	}
}

func TestStarHonoured(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	off := Register{UE: UE1, Star: true, CSeq: 2}
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone, "2 terminated unregistered "+Tablet))
	Expect(t, s.Close(), "user complete all #13 "+Phone+" "+Tablet)
}

func TestStarIgnored(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	off := Register{UE: UE1, Star: true, CSeq: 2}
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Wait(time.Hour + time.Second)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated expired "+Phone))
	Expect(t, s.Close(), "user rejected contact #13 "+Phone, "expiry complete all #17 "+Phone)
}

func TestTwoDevices(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	second := Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1}
	s.Registered(second)
	s.Subscribe(UE2, Tablet)
	s.Notify(UE2, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Notify(UE2, 1, "partial", Both("active", "1 terminated unregistered "+Phone))
	s.Answer(off, 200, "Contact: <"+Tablet+">;expires=3000\n")
	u := s.Close()
	Expect(t, u, "user complete contact #17 "+Phone)
	for _, i := range u.Deregistrations[0].Identities {
		if i.State != "active" {
			t.Errorf("%s is not reachable any more, though the tablet is there", i.AOR)
		}
	}
	doc := u.Subscriptions[0].Documents[1]
	if len(doc.Unmentioned) != 2 || doc.Unmentioned[0].Contact != Tablet {
		t.Errorf("not mentioned: %+v", doc.Unmentioned)
	}
}

func TestRTR(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 2, "full", Both("active", "1 active registered "+Phone))
	f := s.RTR(0, 2001)
	s.Notify(UE1, 3, "full", Both("terminated")) // no contact element at all
	u := s.Close()
	Expect(t, u, "network complete all #13 "+Phone)
	if d := u.Deregistrations[0]; d.TriggerFrame != f || d.Cause != "HSS RTR, reason PERMANENT_TERMINATION" {
		t.Errorf("trigger %d, cause %q", d.TriggerFrame, d.Cause)
	}
	if k := u.Subscriptions[0].Documents[1].Changes[0]; k.Kind != story.Removed || k.Contact != Phone {
		t.Errorf("change %+v", k)
	}
}

func TestRTRWithoutNotify(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.RTR(2, 2001, Alice)
	u := s.Close()
	Expect(t, u, "network incomplete all #13 "+Phone)
	if got := u.Deregistrations[0].Missing; got != "1 of 1 watchers not told" {
		t.Errorf("missing %q", got)
	}
}

func TestRTRRefused(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.RTR(0, 5012)
	u := s.Close()
	Expect(t, u, "network rejected contact #5 ")
	if Active(u) == "" {
		t.Error("the binding is gone")
	}
}

func TestNetworkWithoutTrigger(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
	Expect(t, s.Close(), "network complete all #13 "+Phone)
}

func TestPartialEndsOneIdentity(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "partial", Reg(AliceTel, "terminated", "1 terminated rejected "+Phone))
	u := s.Close()
	Expect(t, u, "network complete identity #13 "+Phone)
	if Active(u) != Alice+" "+Phone {
		t.Errorf("active: %s", Active(u))
	}
	// The rest of the story comes later: it is the same de-registration as long as nothing said active since.
	s = New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Minute)
	s.Notify(UE1, 1, "partial", Reg(AliceTel, "terminated", "1 terminated rejected "+Phone))
	s.Wait(time.Minute)
	s.Notify(UE1, 2, "full", Both("terminated", "1 terminated rejected "+Phone))
	Expect(t, s.Close(), "network complete all #13 "+Phone)
}

func TestShortenedIsNoDeregistration(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone+" 3600"))
	s.Notify(UE1, 1, "partial", Both("active", "1 active shortened "+Phone+" 60"))
	u := s.Close()
	Expect(t, u)
	if c := u.Subscriptions[0].Documents[1].Changes[0]; c.Kind != story.Changed || c.Event != "shortened" || c.Expires != 60 {
		t.Errorf("change %+v", c)
	}
}

func TestExpiry(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(time.Hour)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated expired "+Phone))
	Expect(t, s.Close(), "expiry complete all #13 "+Phone)
}

func TestVanishedAtItsTime(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE2, Tablet)
	s.Notify(UE2, 0, "full", Both("active", "1 active registered "+Phone, "2 active registered "+Tablet))
	s.Wait(time.Hour)
	s.Notify(UE2, 0, "full", Both("active", "2 active registered "+Tablet))
	Expect(t, s.Close(), "expiry complete contact #13 "+Phone)
}

func TestSilentExpiry(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Wait(2 * time.Hour)
	s.Send(UE2, PCSCF, "OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKo\nFrom: <sip:b@h>;tag=1\nTo: <sip:c@h>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
	u := s.Close()
	Expect(t, u, "expiry incomplete all #3 "+Phone)
	if d := u.Deregistrations[0]; len(d.Frames) != 0 || time.Duration(d.Started-u.FirstTime).Round(time.Second) != time.Hour {
		t.Errorf("frames %v, after %v", d.Frames, time.Duration(d.Started-u.FirstTime))
	}
}

func TestReregistration(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 200, "")
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	off.CSeq = 4
	s.Ask(off)
	s.Answer(off, 200, "")
	off.CSeq = 5
	s.Ask(off) // nothing is bound any more
	s.Answer(off, 200, "")
	u := s.Close()
	Expect(t, u, "user complete all #5 "+Phone, "user complete all #13 "+Phone, "user complete contact #17 ")
	if !u.Deregistrations[2].Idle || u.Deregistrations[2].Successful() {
		t.Error("the third one removed nothing and counts all the same")
	}
}

func TestThirdPartyRegisterIsNoBinding(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Send(SCSCF, "10.9.0.9:5060", "REGISTER sip:as.home1.net SIP/2.0\nVia: SIP/2.0/UDP s;branch=z9hG4bKtp\nFrom: <sip:scscf.home1.net>;tag=1\nTo: <"+Alice+">\nCall-ID: tp\n"+
		"CSeq: 1 REGISTER\nContact: <sip:scscf.home1.net>\nExpires: 0\n\n")
	Expect(t, s.Close())
}

func TestPCSCFDeregisters(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 7)
	off.CallID = "pcscf-made"
	f := s.Send(PCSCF, SCSCF, off.Text("rp", PCSCF))
	s.Send(SCSCF, PCSCF, "SIP/2.0 200 OK\n"+Via("rp", PCSCF)+"From: <"+Alice+">;tag=f\nTo: <"+Alice+">;tag=t\nCall-ID: pcscf-made\nCSeq: 7 REGISTER\n\n")
	u := s.Close()
	Expect(t, u, "network complete all #5 "+Phone)
	if f != 5 || u.Deregistrations[0].Cause != "the P-CSCF asked for it" {
		t.Errorf("cause %q", u.Deregistrations[0].Cause)
	}
}

func TestTwoOfAKindDoNotMerge(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	bob := Register{UE: UE2, Contact: "sip:bob@10.0.0.2:5060", AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Expires: 60, CSeq: 1}
	s.Ask(bob)
	s.Answer(bob, 200, "Contact: <"+bob.Contact+">;expires=60\n")
	if n := s.Engine.Close(nil, nil).Len(); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}

func TestWrongCredentialsDoNotMergeUsers(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	bob := Register{UE: UE2, Contact: "sip:bob@10.0.0.2:5060", AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Expires: 60, CSeq: 1}
	s.Ask(bob)
	s.Answer(bob, 200, "Contact: <"+bob.Contact+">;expires=60\n")
	bob.IMPI, bob.Expires, bob.CSeq = "alice@home1.net", 0, 2
	s.Ask(bob)
	s.Answer(bob, 403, "")
	if n := s.Engine.Close(nil, nil).Len(); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}

func TestManyCycles(t *testing.T) {
	const cycles = 500
	s := New(t)
	for i := range cycles {
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2*i + 1}
		s.Registered(r)
		off := Removal(r, 2*i+2)
		s.Ask(off)
		s.Answer(off, 200, "")
	}
	if d := s.Engine.Close(nil, nil).Stats.Deregistrations; d != (correlate.Deregistrations{User: cycles}) {
		t.Errorf("%+v, want %d by the user", d, cycles)
	}
}
