package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestDeregIgnored(t *testing.T) {
	registered := func() *Scenario {
		s := New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
		return s
	}
	off := Register{UE: UE1, Contact: Phone, CSeq: 2}
	s := registered()
	f := s.Ask(off)
	at := s.Answer(off, 200, "Contact: <"+Phone+">;expires=3000\n") - 1
	expect.Fires(t, s, "dereg-ignored", "warning", at, f)

	star := Register{UE: UE1, Star: true, CSeq: 2}
	s = registered()
	f = s.Ask(star)
	at = s.Answer(star, 200, "") - 1
	s.Wait(time.Hour + time.Second)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated expired "+Phone))
	expect.Fires(t, s, "dereg-ignored", "warning", at, f)

	for _, r := range []Register{off, star} {
		s = registered()
		s.Ask(r)
		s.Answer(r, 200, "Contact: <"+Phone+">;expires=0\n")
		s.Notify(UE1, 1, "full", Both("terminated", "1 terminated unregistered "+Phone))
		expect.Silent(t, s, "dereg-ignored")
	}
}
