package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyFragmentsLost(t *testing.T) {
	const code = "notify-fragments-lost"
	active := Both("active", "1 active refreshed "+Phone)

	s := watched(t)
	s.Tells(Told{Version: 1, Regs: active, Pieces: 2, Repeats: 3, Status: -1})
	last := s.Frame - 6 // towards the phone, before 3 retransmissions of 2 fragments
	idle(s, time.Minute)
	expect.Fires(t, s, code, "error", last)

	s = New(t) // nobody knows whether the phone is there at all
	s.Watches(Watch{})
	s.Tells(Told{Regs: active, Pieces: 2, Repeats: 1, Status: -1})
	last = s.Frame - 2
	idle(s, time.Minute)
	expect.Fires(t, s, code, "warning", last)

	s = watched(t) // whole in the core, torn on Gm
	s.Tells(Told{Version: 1, Regs: active, Pieces: 4, Torn: true, Repeats: 3, Status: -1})
	idle(s, time.Minute)
	h := expect.Fires(t, s, code, "error", s.Frame-4)
	if want := "UE: NOTIFY in fragments, not all of which appear on this link, to UE, sent 4 times, answered nothing"; h.Detail != want {
		t.Errorf("%s, want %s", h.Detail, want)
	}

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: active, Pieces: 3})  // fragments that arrive
	s.Tells(Told{Version: 2, Regs: active, Status: -1}) // lost, but not for its size
	idle(s, time.Minute)
	s.Tells(Told{Version: 3, Regs: active, Pieces: 2, Status: -1}) // sent once: the capture may lack the answer
	idle(s, time.Minute)
	s.Tells(Told{Version: 4, Regs: active, Torn: true})                        // the capture lacks a fragment, the phone does not
	s.Tells(Told{Version: 5, Regs: active, Pieces: 2, Repeats: 1, Status: -1}) // the capture ends
	expect.Silent(t, s, code)
}
