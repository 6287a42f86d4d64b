package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestDeregRejected(t *testing.T) {
	off := Register{UE: UE1, Contact: Phone, CSeq: 2}
	play := func(off Register, status int) (s *Scenario, asked, refused uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		asked = s.Ask(off)
		return s, asked, s.Answer(off, status, "") - 1
	}
	s, asked, refused := play(off, 403)
	expect.Fires(t, s, "dereg-rejected", "warning", refused, asked)
	s, asked, refused = play(Register{UE: UE1, Star: true, CSeq: 2}, 400)
	expect.Fires(t, s, "dereg-rejected", "warning", refused, asked)
	for _, ok := range []int{200, 401} {
		s, _, _ = play(off, ok)
		expect.Silent(t, s, "dereg-rejected")
	}

	// It had ended before.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated deactivated "+Phone))
	s.Wait(time.Minute)
	asked = s.Ask(off)
	refused = s.Answer(off, 481, "") - 1
	expect.Fires(t, s, "dereg-rejected", "info", refused, asked)
}
