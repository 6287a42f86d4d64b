package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNoNotifyAfterPPR(t *testing.T) {
	const code = "no-notify-after-ppr"

	s := watched(t)
	s.Wait(time.Minute)
	ppr := s.PPR(Alice, "sip:boss@home1.net")
	idle(s, time.Minute)
	if h := expect.Fires(t, s, code, "warning", ppr); h.Detail != "the profile changes +sip:boss@home1.net, -tel:+15550001, no NOTIFY tells it" {
		t.Error(h.Detail)
	}

	s = watched(t)
	s.Wait(time.Minute)
	s.PPR(AliceTel, Alice) // other services for the same identities
	idle(s, time.Minute)
	expect.Silent(t, s, code)

	s = watched(t)
	s.Wait(time.Minute)
	s.PPR(Alice)
	s.Tells(Told{Version: 1, Partial: true, Regs: Reg(AliceTel, "terminated", "1 terminated deactivated "+Phone)})
	idle(s, time.Minute)
	expect.Silent(t, s, code)
}
