package rules_test

import (
	"fmt"
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestChallengeLoop(t *testing.T) {
	s := New(t)
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	s.Ask(r)
	s.Answer(r, 401, Challenge("n1"))
	var loop []uint32
	for i, n := range []string{"n1", "n2", "n3"} {
		r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2 + i, Nonce: n}
		s.Ask(r)
		loop = append(loop, s.Answer(r, 401, Challenge("n"+string('2'+rune(i))))-1)
	}
	expect.Fires(t, s, "challenge-loop", "error", loop...)

	// The device answers once and starts over, in the same Call-ID or with a new one.
	for _, callID := range []string{"a%.0d", "a%d"} {
		s = New(t)
		loop = nil
		for i := range 3 {
			r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2*i + 1, Empty: true, CallID: fmt.Sprintf(callID, i)}
			s.Ask(r)
			s.Answer(r, 401, Challenge(fmt.Sprint("n", i)))
			r.CSeq, r.Empty, r.Nonce = r.CSeq+1, false, fmt.Sprint("n", i)
			s.Ask(r)
			loop = append(loop, s.Answer(r, 401, Challenge(fmt.Sprint("m", i)))-1)
			s.Wait(30 * time.Second)
		}
		idle(s, time.Minute)
		expect.Fires(t, s, "challenge-loop", "error", loop...)
		expect.Silent(t, s, "silent-after-challenge") // it does answer
	}

	// A refresh with the old nonce, challenged once, is how it should be.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	s.Ask(r)
	s.Answer(r, 401, Challenge("n2"))
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3, Nonce: "n2"})
	expect.Silent(t, s, "challenge-loop")
}
