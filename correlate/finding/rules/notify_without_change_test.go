package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyWithoutChange(t *testing.T) {
	const code = "notify-without-change"
	same := Both("active", "1 active registered "+Phone)

	s := watched(t)
	s.Wait(time.Minute)
	ask, _ := s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: same})
	f := s.Tells(Told{Version: 1, Regs: same})
	expect.Fires(t, s, code, "info", f, ask)

	s = watched(t) // its own refresh
	s.Wait(time.Minute)
	s.Watches(Watch{InDialog: true, CSeq: 2})
	s.Tells(Told{Version: 1, Regs: same})
	expect.Silent(t, s, code)

	s = watched(t) // a refresh of the registration, which this notifier tells as registered
	s.Wait(time.Minute)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2})
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{Version: 1, Regs: same})
	expect.Silent(t, s, code)

	s = watched(t) // news for it
	s.Wait(time.Minute)
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{Version: 1, Regs: Both("active", "1 active refreshed "+Phone)})
	expect.Silent(t, s, code)
}
