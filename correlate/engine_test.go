package correlate_test

import (
	"testing"
	"time"

	"imscope/correlate/story"
)

var ue1Phone = register{ue: ue1, contact: phone, expires: 3600, cseq: 1}

// removal is a de-REGISTER of a registration.
func removal(r register, cseq int) register {
	r.expires, r.cseq = 0, cseq
	return r
}

func TestUserDeregistration(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.wait(time.Minute)
	off := removal(ue1Phone, 2)
	f := s.ask(off)
	s.notify(ue1, 1, "full", both("terminated", "0x1 terminated expired "+phone)) // before the 200, with the wrong event
	last := s.answer(off, 200, "Contact: <"+phone+">;expires=0\n")
	u := s.close()
	expect(t, u, "user complete all #13 "+phone)
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
	s := newScenario(t)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.answer(off, 200, "")
	expect(t, s.close(), "user complete all #1 "+phone)
}

func TestQueryIsNoDeregistration(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.send(ue1, pcscf, "REGISTER sip:home1.net SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKq\nFrom: <"+alice+">;tag=1\nTo: <"+alice+">\nCall-ID: q\nCSeq: 9 REGISTER\nExpires: 0\n\n")
	u := s.close()
	expect(t, u)
	if state(u) != alice+" "+phone+"\n"+aliceTel+" "+phone {
		t.Errorf("active: %s", state(u))
	}
}

func TestChallengedDeregistration(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.answer(off, 401, "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\n")
	off.cseq = 3
	s.ask(off)
	s.answer(off, 200, "")
	expect(t, s.close(), "user complete all #5 "+phone)
}

func TestChallengedAndGivenUp(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.answer(off, 401, "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\n")
	u := s.close()
	expect(t, u, "user rejected contact #5 "+phone)
	if got := u.Deregistrations[0].Cause; got != "the phone asked for it, was challenged with 401 and gave up" {
		t.Errorf("cause %q", got)
	}
	if state(u) == "" {
		t.Error("the binding is gone")
	}
}

func TestRejected(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.answer(off, 403, "")
	off.cseq = 3
	s.ask(off)
	s.answer(off, 403, "")
	expect(t, s.close(), "user rejected contact #5 "+phone, "user rejected contact #9 "+phone)
}

func TestUnansweredIsOneAttempt(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.send(ue1, pcscf, off.text("r2", ue1)) // retransmission
	s.wait(10 * time.Second)
	off.cseq = 3
	s.ask(off)
	u := s.close()
	expect(t, u, "user unanswered contact #5 "+phone)
	if n := u.Timeline[2].Repeats; n != 1 {
		t.Errorf("retransmissions of the first request: %d, want 1", n)
	}
}

func TestStarHonoured(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone, "2 active registered "+tablet))
	off := register{ue: ue1, star: true, cseq: 2}
	s.ask(off)
	s.answer(off, 200, "")
	s.notify(ue1, 1, "full", both("terminated", "1 terminated unregistered "+phone, "2 terminated unregistered "+tablet))
	expect(t, s.close(), "user complete all #13 "+phone+" "+tablet)
}

func TestStarIgnored(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	off := register{ue: ue1, star: true, cseq: 2}
	s.ask(off)
	s.answer(off, 200, "")
	s.wait(time.Hour + time.Second)
	s.notify(ue1, 1, "full", both("terminated", "1 terminated expired "+phone))
	expect(t, s.close(), "user rejected contact #13 "+phone, "expiry complete all #17 "+phone)
}

func TestTwoDevices(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	second := register{ue: ue2, contact: tablet, expires: 3600, cseq: 1}
	s.registered(second)
	s.subscribe(ue2, tablet)
	s.notify(ue2, 0, "full", both("active", "1 active registered "+phone, "2 active registered "+tablet))
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.notify(ue2, 1, "partial", both("active", "1 terminated unregistered "+phone))
	s.answer(off, 200, "Contact: <"+tablet+">;expires=3000\n")
	u := s.close()
	expect(t, u, "user complete contact #17 "+phone)
	for _, i := range u.Deregistrations[0].Identities {
		if i.State != "active" {
			t.Errorf("%s is not reachable any more, though the tablet is there", i.AOR)
		}
	}
	doc := u.Subscriptions[0].Documents[1]
	if len(doc.Unmentioned) != 2 || doc.Unmentioned[0].Contact != tablet {
		t.Errorf("not mentioned: %+v", doc.Unmentioned)
	}
}

func TestRTR(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 2, "full", both("active", "1 active registered "+phone))
	f := s.rtr(0, 2001)
	s.notify(ue1, 3, "full", both("terminated")) // no contact element at all
	u := s.close()
	expect(t, u, "network complete all #13 "+phone)
	if d := u.Deregistrations[0]; d.TriggerFrame != f || d.Cause != "HSS RTR, reason PERMANENT_TERMINATION" {
		t.Errorf("trigger %d, cause %q", d.TriggerFrame, d.Cause)
	}
	if k := u.Subscriptions[0].Documents[1].Changes[0]; k.Kind != story.Removed || k.Contact != phone {
		t.Errorf("change %+v", k)
	}
}

func TestRTRWithoutNotify(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.rtr(2, 2001, alice)
	u := s.close()
	expect(t, u, "network incomplete all #13 "+phone)
	if got := u.Deregistrations[0].Missing; got != "1 of 1 watchers not told" {
		t.Errorf("missing %q", got)
	}
}

func TestRTRRefused(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.rtr(0, 5012)
	u := s.close()
	expect(t, u, "network rejected contact #5 ")
	if state(u) == "" {
		t.Error("the binding is gone")
	}
}

func TestNetworkWithoutTrigger(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.wait(time.Minute)
	s.notify(ue1, 1, "full", both("terminated", "1 terminated unregistered "+phone))
	expect(t, s.close(), "network complete all #13 "+phone)
}

func TestPartialEndsOneIdentity(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.wait(time.Minute)
	s.notify(ue1, 1, "partial", reg(aliceTel, "terminated", "1 terminated rejected "+phone))
	u := s.close()
	expect(t, u, "network complete identity #13 "+phone)
	if state(u) != alice+" "+phone {
		t.Errorf("active: %s", state(u))
	}
	// The rest of the story comes later: it is the same de-registration as long as nothing said active since.
	s = newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.wait(time.Minute)
	s.notify(ue1, 1, "partial", reg(aliceTel, "terminated", "1 terminated rejected "+phone))
	s.wait(time.Minute)
	s.notify(ue1, 2, "full", both("terminated", "1 terminated rejected "+phone))
	expect(t, s.close(), "network complete all #13 "+phone)
}

func TestShortenedIsNoDeregistration(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone+" 3600"))
	s.notify(ue1, 1, "partial", both("active", "1 active shortened "+phone+" 60"))
	u := s.close()
	expect(t, u)
	if c := u.Subscriptions[0].Documents[1].Changes[0]; c.Kind != story.Changed || c.Event != "shortened" || c.Expires != 60 {
		t.Errorf("change %+v", c)
	}
}

func TestExpiry(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue1, phone)
	s.notify(ue1, 0, "full", both("active", "1 active registered "+phone))
	s.wait(time.Hour)
	s.notify(ue1, 1, "full", both("terminated", "1 terminated expired "+phone))
	expect(t, s.close(), "expiry complete all #13 "+phone)
}

func TestVanishedAtItsTime(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.subscribe(ue2, tablet)
	s.notify(ue2, 0, "full", both("active", "1 active registered "+phone, "2 active registered "+tablet))
	s.wait(time.Hour)
	s.notify(ue2, 0, "full", both("active", "2 active registered "+tablet))
	expect(t, s.close(), "expiry complete contact #13 "+phone)
}

func TestSilentExpiry(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.wait(2 * time.Hour)
	s.send(ue2, pcscf, "OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKo\nFrom: <sip:b@h>;tag=1\nTo: <sip:c@h>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
	u := s.close()
	expect(t, u, "expiry incomplete all #3 "+phone)
	if d := u.Deregistrations[0]; len(d.Frames) != 0 || time.Duration(d.Started-u.FirstTime).Round(time.Second) != time.Hour {
		t.Errorf("frames %v, after %v", d.Frames, time.Duration(d.Started-u.FirstTime))
	}
}

func TestReregistration(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	off := removal(ue1Phone, 2)
	s.ask(off)
	s.answer(off, 200, "")
	s.registered(register{ue: ue1, contact: phone, expires: 3600, cseq: 3})
	off.cseq = 4
	s.ask(off)
	s.answer(off, 200, "")
	off.cseq = 5
	s.ask(off) // nothing is bound any more
	s.answer(off, 200, "")
	u := s.close()
	expect(t, u, "user complete all #5 "+phone, "user complete all #13 "+phone, "user complete contact #17 ")
	if !u.Deregistrations[2].Idle || u.Deregistrations[2].Successful() {
		t.Error("the third one removed nothing and counts all the same")
	}
}

func TestThirdPartyRegisterIsNoBinding(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.send(scscf, "10.9.0.9:5060", "REGISTER sip:as.home1.net SIP/2.0\nVia: SIP/2.0/UDP s;branch=z9hG4bKtp\nFrom: <sip:scscf.home1.net>;tag=1\nTo: <"+alice+">\nCall-ID: tp\n"+
		"CSeq: 1 REGISTER\nContact: <sip:scscf.home1.net>\nExpires: 0\n\n")
	expect(t, s.close())
}

func TestPCSCFDeregisters(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	s.wait(time.Minute)
	off := removal(ue1Phone, 7)
	off.callID = "pcscf-made"
	s.seq++
	f := s.send(pcscf, scscf, off.text("rp", pcscf))
	s.send(scscf, pcscf, "SIP/2.0 200 OK\n"+via("rp", pcscf)+"From: <"+alice+">;tag=f\nTo: <"+alice+">;tag=t\nCall-ID: pcscf-made\nCSeq: 7 REGISTER\n\n")
	u := s.close()
	expect(t, u, "network complete all #5 "+phone)
	if f != 5 || u.Deregistrations[0].Cause != "the P-CSCF asked for it" {
		t.Errorf("cause %q", u.Deregistrations[0].Cause)
	}
}

func TestTwoOfAKindDoNotMerge(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	bob := register{ue: ue2, contact: "sip:bob@10.0.0.2:5060", aor: "sip:bob@home1.net", impi: "bob@home1.net", expires: 60, cseq: 1}
	s.ask(bob)
	s.answer(bob, 200, "Contact: <"+bob.contact+">;expires=60\n")
	if n := s.e.Close(nil, nil).Len(); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}

func TestWrongCredentialsDoNotMergeUsers(t *testing.T) {
	s := newScenario(t)
	s.registered(ue1Phone)
	bob := register{ue: ue2, contact: "sip:bob@10.0.0.2:5060", aor: "sip:bob@home1.net", impi: "bob@home1.net", expires: 60, cseq: 1}
	s.ask(bob)
	s.answer(bob, 200, "Contact: <"+bob.contact+">;expires=60\n")
	bob.impi, bob.expires, bob.cseq = "alice@home1.net", 0, 2
	s.ask(bob)
	s.answer(bob, 403, "")
	if n := s.e.Close(nil, nil).Len(); n != 2 {
		t.Errorf("%d users, want 2", n)
	}
}
