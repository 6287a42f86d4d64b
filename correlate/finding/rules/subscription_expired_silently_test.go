package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscriptionExpiredSilently(t *testing.T) {
	const code = "subscription-expired-silently"
	active := Told{State: "active;expires=20", Regs: Both("active", "1 active registered "+Phone)}

	s := New(t)
	ask, _ := s.Watches(Watch{Expires: 20})
	f := s.Tells(active)
	idle(s, time.Minute)
	expect.Fires(t, s, code, "info", f, ask)

	s = New(t)
	s.Watches(Watch{Expires: 20})
	s.Tells(active)
	s.Wait(20 * time.Second)
	s.Tells(Told{State: "terminated;reason=timeout"})
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = New(t)
	s.Watches(Watch{Expires: 20})
	s.Tells(active)
	idle(s, 18*time.Second)
	expect.Silent(t, s, code)
}
