package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNoNotifyAfterSubscribe(t *testing.T) {
	const code = "no-notify-after-subscribe"

	s := New(t)
	ask, answer := s.Watches(Watch{})
	idle(s, 40*time.Second)
	h := expect.Fires(t, s, code, "info", answer, ask)
	if h.Doubt == "" {
		t.Error("no doubt though the capture shows no NOTIFY at all")
	}

	s = New(t)
	ask, answer = s.Watches(Watch{})
	idle(s, 40*time.Second)
	s.Tells(Told{Regs: Both("active", "1 active registered "+Phone)}) // far too late
	expect.Fires(t, s, code, "warning", answer, ask)

	s = New(t)
	ask, answer = s.Watches(Watch{})
	idle(s, 40*time.Second)
	s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", "1 active refreshed "+Phone)}) // the capture lost version 0
	expect.Fires(t, s, code, "info", answer, ask)

	s = watched(t)
	idle(s, 40*time.Second)
	expect.Silent(t, s, code)
}
