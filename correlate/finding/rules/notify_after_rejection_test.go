package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyAfterRejection(t *testing.T) {
	const code = "notify-after-rejection"
	active := Both("active", "1 active refreshed "+Phone)

	s := watched(t)
	a := s.Tells(Told{Version: 1, Regs: active, Status: 481})
	b := s.Tells(Told{Version: 2, Regs: active, Status: 481})
	expect.Fires(t, s, code, "warning", b, a+2) // NOTIFY on two hops, then the 481

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: active, Status: 481})
	s.Watches(Watch{CSeq: 2}) // the watcher subscribes again
	s.Tells(Told{Version: 2, Regs: active})
	s.Tells(Told{Version: 3, Regs: active, Status: 500}) // ends nothing
	s.Tells(Told{Version: 4, Regs: active})
	expect.Silent(t, s, code)
}
