package correlate_test

import (
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

const family = "sip:family@home1.net"

// sharing registers two private identities that share a public one.
func sharing(t *testing.T) (*Scenario, Register) {
	bob := Register{UE: UE2, AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Contact: "sip:bob@10.0.0.2:5060", Expires: 3600, CSeq: 1}
	s := New(t)
	s.Ask(ue1Phone)
	s.Answer(ue1Phone, 200, "P-Associated-URI: <"+Alice+">, <"+family+">\nContact: <"+Phone+">;expires=3600\n")
	s.Ask(bob)
	s.Answer(bob, 200, "P-Associated-URI: <"+bob.AOR+">, <"+family+">\nContact: <"+bob.Contact+">;expires=3600\n")
	return s, bob
}

// TestRTROfOnePrivateIdentity: what another private identity has bound to a shared public identity stays
// (TS 29.228 6.1.3).
func TestRTROfOnePrivateIdentity(t *testing.T) {
	for _, public := range [][]string{nil, {Alice, family}} {
		s, bob := sharing(t)
		s.RTR(0, 2001, public...)
		u := s.Close()
		Expect(t, u, "network incomplete contact #9 "+Phone)
		if got := Active(u); got != bob.AOR+" "+bob.Contact+"\n"+family+" "+bob.Contact {
			t.Errorf("active: %s", got)
		}
	}
}

// TestRTRToldInPart: what the documents leave out ends all the same.
func TestRTRToldInPart(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.RTR(0, 2001, Alice, AliceTel)
	s.Notify(UE1, 1, "partial", Reg(Alice, "terminated", "1 terminated rejected "+Phone))
	u := s.Close()
	Expect(t, u, "network complete all #13 "+Phone)
	if got := Active(u); got != "" {
		t.Errorf("active: %s", got)
	}
}

// TestRTRToTheServerBefore: it drops what it knows, and the user stays registered at the new one.
func TestRTRToTheServerBefore(t *testing.T) {
	again := ue1Phone
	again.CSeq = 2
	s := New(t)
	s.Registered(ue1Phone)
	s.Ask(again)
	s.RTR(1, 2001, Alice)
	s.Answer(again, 200, Associated+"Contact: <"+Phone+">;expires=3600\n")
	u := s.Close()
	if d := u.Deregistrations; len(d) != 1 || d[0].Successful() || !strings.Contains(d[0].Verdict, "registered at another S-CSCF") {
		t.Errorf("%+v", d)
	}
	if got := Active(u); got != Alice+" "+Phone+"\n"+AliceTel+" "+Phone {
		t.Errorf("active: %s", got)
	}
}

// TestRTRForNobody: REMOVE_S-CSCF is about users who are not registered.
func TestRTRForNobody(t *testing.T) {
	s := New(t)
	s.SAR(Cx{Type: 3, Result: 2001})
	s.RTR(3, 2001)
	if d := s.Close().Deregistrations; len(d) != 1 || d[0].Successful() || !d[0].Idle {
		t.Errorf("%+v", d)
	}
}

// TestAdministrativeAfterNotify: a registrar that notifies first and tells the HSS then does one thing.
func TestAdministrativeAfterNotify(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated rejected "+Phone))
	s.SAR(Cx{Type: 8, Result: 2001})
	Expect(t, s.Close(), "network complete all #13 "+Phone)
}

// TestAssignmentAlone: where the capture shows Cx only, the Server-Assignment tells the end.
func TestAssignmentAlone(t *testing.T) {
	for _, c := range []struct {
		kind int32
		want string
	}{{4, "expiry"}, {5, "user"}, {6, "expiry"}, {7, "user"}} {
		s := New(t)
		s.SAR(Cx{Type: c.kind, Result: 2001})
		Expect(t, s.Close(), c.want+" incomplete identity #1 ")
	}
	s := New(t)
	s.SAR(Cx{Type: 5, Experimental: 5001})
	Expect(t, s.Close())

	short := ue1Phone
	short.Expires = 60
	s = New(t) // beside a registration that ran out
	s.Registered(short)
	s.Wait(61 * time.Second)
	s.SAR(Cx{Type: 4, Result: 2001})
	Expect(t, s.Close(), "expiry incomplete all #5 "+Phone)

	s = New(t) // and beside a de-registration it is a part of that
	s.Registered(short)
	s.Ask(Removal(short, 2))
	s.SAR(Cx{Type: 5, Result: 2001})
	s.Answer(Removal(short, 2), 200, "")
	Expect(t, s.Close(), "user complete all #5 "+Phone)
}

// TestBorderController: one in the P-CSCF's place sends REGISTERs of its own; the phone asked for it all the same.
func TestBorderController(t *testing.T) {
	const outside = "sip:alice-7@10.9.0.1:5060"
	leg := func(s *Scenario, expires, cseq int) {
		in := Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: cseq}
		out := Register{UE: PCSCF, Contact: outside, Expires: expires, CSeq: cseq, CallID: "sbc"}
		s.AskOver(in, UE1, PCSCF)
		answer := func(contact string) string {
			if expires == 0 {
				return ""
			}
			return Associated + "Contact: <" + contact + ">;expires=3600\nService-Route: <sip:scscf.home1.net;lr>\n"
		}
		asked := s.AskedBranch()
		s.AskOver(out, PCSCF, SCSCF)
		s.AnswerOver(out, 200, answer(outside), SCSCF, PCSCF)
		s.SetAsked(asked)
		s.AnswerOver(in, 200, answer(Phone), PCSCF, UE1)
	}
	s := New(t)
	leg(s, 3600, 1)
	s.Wait(time.Minute)
	leg(s, 0, 2)
	u := s.Close()
	Expect(t, u, "user complete all #5 "+outside+" "+Phone)
	if got := Active(u); got != "" {
		t.Errorf("active: %s", got)
	}

	s = New(t) // its own wish, without one of the phone
	leg(s, 3600, 1)
	s.Wait(time.Minute)
	off := Register{UE: PCSCF, Contact: outside, CSeq: 2, CallID: "sbc"}
	s.AskOver(off, PCSCF, SCSCF)
	s.AnswerOver(off, 200, "", SCSCF, PCSCF)
	u = s.Close()
	Expect(t, u, "network complete all #5 "+outside+" "+Phone)
	if list := u.Registrations(); !list[len(list)-1].ByProxy || list[0].ByProxy {
		t.Error("the registrations do not say whose wish it was")
	}
	if got := Active(u); got != "" {
		t.Errorf("active: %s", got)
	}
}

// TestNotAnswered: who does not answer the NOTIFY may not know.
func TestNotAnswered(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.RTR(0, 2001)
	s.NotifyOver(UE1, "terminated;reason=rejected", 1, "full", Both("terminated", "1 terminated rejected "+Phone), SCSCF, PCSCF, UE1)
	s.Wait(time.Minute)
	s.Query(UE1)
	u := s.Close()
	Expect(t, u, "network incomplete all #13 "+Phone)
	if d := u.Deregistrations[0]; !strings.Contains(d.Verdict, "UE did not answer the NOTIFY") || !d.Told[0].Silent {
		t.Errorf("%s; %+v", d.Verdict, d.Told)
	}
}

// TestIdentitiesOfTheirTime: an identity is registered from the answer on that names it.
func TestIdentitiesOfTheirTime(t *testing.T) {
	again := ue1Phone
	again.CSeq = 2
	s := New(t)
	s.Ask(ue1Phone)
	s.Answer(ue1Phone, 200, "P-Associated-URI: <"+Alice+">\nContact: <"+Phone+">;expires=3600\n")
	s.Wait(time.Minute)
	s.Registered(again)
	u := s.Close()
	if len(u.Bindings) != 2 || u.Bindings[1].AOR != AliceTel || u.Bindings[1].Registered-u.Bindings[0].Registered < int64(time.Minute) {
		t.Errorf("%+v", u.Bindings)
	}
}
