package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyUnansweredAgain(t *testing.T) {
	const code = "notify-unanswered-again"
	active := Both("active", "1 active refreshed "+Phone)

	s := watched(t)
	a := s.Tells(Told{Version: 1, Regs: active, Status: -1, Repeats: 2})
	s.Wait(time.Minute)
	b := s.Tells(Told{Version: 2, Regs: active, Status: -1})
	expect.Fires(t, s, code, "warning", b, a)

	s = watched(t) // never sent again: the capture may lack the answer
	a = s.Tells(Told{Version: 1, Regs: active, Status: -1})
	s.Wait(time.Minute)
	b = s.Tells(Told{Version: 2, Regs: active})
	expect.Fires(t, s, code, "info", b, a)

	s = New(t) // no answer to any NOTIFY in sight: the capture may be one-sided
	s.Watches(Watch{})
	a = s.Tells(Told{Regs: active, Status: -1})
	s.Wait(time.Minute)
	b = s.Tells(Told{Version: 1, Regs: active, Status: -1})
	expect.Fires(t, s, code, "info", b, a)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: active, Status: -1})
	s.Wait(10 * time.Second) // Timer F still runs
	s.Tells(Told{Version: 2, Regs: active, Status: 408})
	s.Wait(time.Minute)
	s.Watches(Watch{InDialog: true, CSeq: 2}) // the watcher is back
	s.Tells(Told{Version: 3, Regs: active})
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
