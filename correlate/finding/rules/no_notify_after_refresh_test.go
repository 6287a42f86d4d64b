package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

// idle makes the capture go on for a while without anything for Alice's watchers.
func idle(s *Scenario, d time.Duration) {
	s.Wait(d)
	s.Send(UE2, PCSCF, "OPTIONS sip:home1.net SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKidle"+d.String()+
		"\nFrom: <sip:bob@home1.net>;tag=1\nTo: <sip:home1.net>\nCall-ID: idle\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n")
}

func TestNoNotifyAfterRefresh(t *testing.T) {
	const code = "no-notify-after-refresh"

	s := watched(t)
	ask, answer := s.Watches(Watch{InDialog: true, CSeq: 2})
	idle(s, 40*time.Second)
	expect.Fires(t, s, code, "warning", answer, ask)

	s = watched(t)
	ask, answer = s.Watches(Watch{InDialog: true, CSeq: 2})
	idle(s, 4*time.Second)
	if h := expect.Fires(t, s, code, "info", answer, ask); h.Doubt != "the capture ends 4.0 s later" {
		t.Errorf("doubt %q", h.Doubt)
	}

	s = watched(t) // the capture ends at once
	s.Watches(Watch{InDialog: true, CSeq: 2})
	expect.Silent(t, s, code)

	s = watched(t)
	s.Watches(Watch{InDialog: true, CSeq: 2})
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active registered "+Phone)})
	s.Watches(Watch{InDialog: true, CSeq: 3, Status: 481}) // not accepted
	idle(s, 40*time.Second)
	expect.Silent(t, s, code)
}
