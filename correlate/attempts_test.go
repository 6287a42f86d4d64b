package correlate_test

import (
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestAttemptGivenUp: a de-REGISTER that nobody answered is over once the phone registers again; the next one is another.
func TestAttemptGivenUp(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Ask(Removal(ue1Phone, 2))
	s.Wait(time.Minute)
	again := ue1Phone
	again.CSeq = 3
	s.Registered(again)
	s.Wait(time.Minute)
	off := Removal(ue1Phone, 4)
	s.Ask(off)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone)) // before the 200
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user unanswered contact #13 "+Phone, "user complete all #19 "+Phone)
}

// TestAttemptLongAgo: a request hours after a failure is no second try.
func TestAttemptLongAgo(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 500, "")
	s.Wait(20 * time.Minute)
	off.CSeq = 3
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user rejected contact #5 "+Phone, "user complete all #9 "+Phone)
}

// TestAttemptRetryAfter: one that the registrar asked for is.
func TestAttemptRetryAfter(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 500, "Retry-After: 600\n")
	s.Wait(10 * time.Minute)
	off.CSeq = 3
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user complete all #5 "+Phone)
}

// TestAttemptsOfTwoContacts: another contact is another wish, in the same Call-ID too.
func TestAttemptsOfTwoContacts(t *testing.T) {
	const second = "sip:alice@10.0.0.1:5070"
	s := New(t)
	s.Registered(ue1Phone)
	other := ue1Phone
	other.Contact, other.CSeq = second, 2
	s.Registered(other)
	off := Removal(ue1Phone, 3)
	s.Ask(off)
	s.Answer(off, 500, "")
	off = Removal(other, 4)
	s.Ask(off)
	s.Answer(off, 200, "")
	Expect(t, s.Close(), "user rejected contact #9 "+Phone, "user complete contact #13 "+second)
}

// TestCutOff: where the capture ends before an answer could come, none is missing.
func TestCutOff(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	u := s.Close()
	Expect(t, u, "user unanswered contact #5 "+Phone)
	if got := u.Deregistrations[0].Verdict; !strings.Contains(got, "is not decided") {
		t.Errorf("%q", got)
	}
	s = New(t)
	s.Registered(ue1Phone)
	s.Ask(off)
	s.Answer(off, 401, Challenge("n"))
	if got := s.Close().Deregistrations[0].Verdict; !strings.Contains(got, "is not decided") {
		t.Errorf("challenged: %q", got)
	}
}

// TestRefusedTellsNobody: of what did not happen, nobody needs to be told.
func TestRefusedTellsNobody(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	off := Removal(ue1Phone, 2)
	s.Ask(off)
	s.Answer(off, 403, "")
	if d := s.Close().Deregistrations[0]; d.Missing != "" || d.Outcome != "rejected" {
		t.Errorf("%s, missing %q", d.Outcome, d.Missing)
	}
}

// TestAnswerCapturedFirst: a capture may hold the 200 before its REGISTER; they are one de-registration.
func TestAnswerCapturedFirst(t *testing.T) {
	s, r := watchedPhone(t)
	off := Removal(r, 2)
	s.SetAsked("swapped")
	s.Answer(off, 200, "")
	s.AskAgain(off, UE1, PCSCF, SCSCF)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
	u := s.Close()
	if len(u.Deregistrations) != 1 {
		t.Fatalf("%d de-registrations", len(u.Deregistrations))
	}
	if got := u.Deregistrations[0].Verdict; !strings.Contains(got, "answered 200 after 0 µs; UE was told; no identity stays reachable") {
		t.Error(got)
	}
}
