package correlate_test

import (
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// Captured out of order: who is answered before the REGISTER is seen has the private identity all the same.
func TestAnswerBeforeRegister(t *testing.T) {
	s := New(t)
	text := ue1Phone.Text("r1", UE1)
	s.Send(PCSCF, UE1, "SIP/2.0 200 OK\n"+Via("r1", UE1)+"From: <"+Alice+">;tag=f\nTo: <"+Alice+">;tag=t\nCall-ID: reg-"+UE1+"\nCSeq: 1 REGISTER\n"+
		Associated+"Contact: <"+Phone+">;expires=3600\nContent-Length: 0\n\n")
	s.Send(UE1, PCSCF, text)
	s.Wait(time.Minute)
	s.RTR(0, 2001) // with the private identity only
	u := s.Close()
	if len(u.PrivateIdentities) != 1 || len(u.Deregistrations) != 1 {
		t.Errorf("private identities %v, de-registrations %s", u.PrivateIdentities, Deregs(u))
	}
}

// A message without a time, before others, does not change how the others are read.
func TestFirstMessageWithoutTime(t *testing.T) {
	s := New(t)
	began := s.Now
	s.Now = -int64(time.Millisecond)
	s.Send(UE1, PCSCF, ue1Phone.Text("r1", UE1))
	s.Now = began
	s.Send(PCSCF, SCSCF, ue1Phone.Text("r1", UE1, PCSCF))
	for _, e := range s.Close().Timeline {
		if e.Hops[0].Time != 0 || e.Hops[1].Time != began+int64(time.Millisecond) {
			t.Errorf("hops at %d and %d, want 0 and %d", e.Hops[0].Time, e.Hops[1].Time, began+int64(time.Millisecond))
		}
	}
}
