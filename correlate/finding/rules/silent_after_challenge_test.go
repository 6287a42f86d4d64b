package rules_test

import (
	"fmt"
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSilentAfterChallenge(t *testing.T) {
	first := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	other := func(s *Scenario, d time.Duration) {
		s.Wait(d)
		s.ThirdParty(Alice, 3600, 200)
	}
	s := New(t)
	f := s.Ask(first)
	at := s.Answer(first, 401, Challenge("n1"))
	other(s, time.Minute)
	expect.Fires(t, s, "silent-after-challenge", "error", at, f)

	// It starts again in the same Call-ID, three times: that is told once.
	s = New(t)
	f, at = 0, 0
	for i := range 3 {
		r := first
		r.CSeq += i
		asked := s.Ask(r)
		if told := s.Answer(r, 401, Challenge(fmt.Sprint("n", i))); i == 0 {
			f, at = asked, told
		}
		s.Wait(time.Minute)
	}
	other(s, time.Minute)
	expect.Fires(t, s, "silent-after-challenge", "error", at, f)

	// A REGISTER in between is missing: it may have answered.
	s = New(t)
	s.Ask(first)
	s.Answer(first, 401, Challenge("n1"))
	later := first
	later.CSeq = 3
	s.Ask(later)
	s.Answer(later, 401, Challenge("n2"))
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 4, Nonce: "n2"})
	expect.Silent(t, s, "silent-after-challenge")

	// It starts again with another Call-ID.
	s = New(t)
	f = s.Ask(first)
	at = s.Answer(first, 401, Challenge("n1"))
	again := first
	again.CallID = "another"
	s.Ask(again)
	s.Answer(again, 401, Challenge("n2"))
	expect.Fires(t, s, "silent-after-challenge", "error", at, f)

	// The capture ends too early to be sure.
	s = New(t)
	f = s.Ask(first)
	at = s.Answer(first, 401, Challenge("n1"))
	other(s, 10*time.Second)
	expect.Fires(t, s, "silent-after-challenge", "warning", at, f)

	// Gm alone, with a security agreement: the rest may be in ESP.
	s = New(t)
	f = s.AskOver(first, UE1, PCSCF)
	at = s.AnswerOver(first, 401, Challenge("n1")+"Security-Server: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4\n", PCSCF, UE1)
	s.Wait(time.Minute)
	s.AskOver(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, IMPI: "second@home1.net"}, UE2, PCSCF)
	expect.Fires(t, s, "silent-after-challenge", "info", at, f)

	for _, id := range []string{"", "another"} { // answered, in whatever Call-ID
		s = New(t)
		s.Ask(first)
		s.Answer(first, 401, Challenge("n1"))
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1", CallID: id})
		other(s, time.Minute)
		expect.Silent(t, s, "silent-after-challenge")
	}
}
