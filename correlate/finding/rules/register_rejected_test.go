package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterRejected(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	f := s.Ask(r)
	at := s.Answer(r, 403, "")
	expect.Fires(t, s, "register-rejected", "error", at-1, f)

	s = New(t)
	f = s.Ask(r)
	at = s.Answer(r, 503, "")
	s.Wait(time.Second)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2})
	expect.Fires(t, s, "register-rejected", "info", at-1, f)

	for _, status := range []int{401, 423, 494, 482, 305, 200} {
		s = New(t)
		s.Ask(r)
		s.Answer(r, status, Challenge("n"))
		expect.Silent(t, s, "register-rejected")
	}
	s = New(t) // the HSS explains it
	s.Ask(r)
	s.UAR(Cx{Experimental: 5001})
	s.Answer(r, 403, "")
	expect.Silent(t, s, "register-rejected")
}

// TestRegisterRejectedThenChallenged: the next try is accepted although a challenge lies in between.
func TestRegisterRejectedThenChallenged(t *testing.T) {
	s := New(t)
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Unchallenged: true}
	s.Ask(r)
	s.Answer(r, 503, "Retry-After: 40\n")
	s.Wait(45 * time.Second)
	r.CSeq = 2
	s.Ask(r)
	s.Answer(r, 401, Challenge("n"))
	r.CSeq, r.Unchallenged = 3, false
	s.Registered(r)
	expect.Fires(t, s, "register-rejected", "info", 3, 1)
}

// TestRegisterRejectedAfterRTR: why it is refused the RTR says.
func TestRegisterRejectedAfterRTR(t *testing.T) {
	for reason, silent := range map[uint32]bool{0: true, 2: false} {
		s := New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.RTR(reason, 2001)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, CallID: "again"}
		asked := s.Ask(r)
		answered := s.Answer(r, 403, "")
		if silent {
			expect.Silent(t, s, "register-rejected")
		} else {
			expect.Fires(t, s, "register-rejected", "error", answered-1, asked)
		}
	}
}
