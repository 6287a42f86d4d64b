package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestDeregChallengedAndGivenUp(t *testing.T) {
	off := Register{UE: UE1, Contact: Phone, CSeq: 2}
	play := func() (s *Scenario, asked, challenged uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 600000, CSeq: 1})
		asked = s.Ask(off)
		return s, asked, s.Answer(off, 401, Challenge("n2"))
	}
	s, asked, challenged := play()
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "dereg-challenged-and-given-up", "warning", challenged, asked)

	s, asked, challenged = play()
	s.Wait(10 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "dereg-challenged-and-given-up", "info", challenged, asked) // too early to say

	s, _, _ = play()
	again := Register{UE: UE1, Contact: Phone, CSeq: 3, Nonce: "n2"}
	s.Ask(again)
	s.Answer(again, 200, "")
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 0, 200)
	expect.Silent(t, s, "dereg-challenged-and-given-up")
}
