package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoContactURIChanged(t *testing.T) {
	const code, moved = "reginfo-contact-uri-changed", "sip:alice@10.0.0.7:50618"

	s := watched(t)
	first := s.Frame - 3
	f := s.Tells(Told{Version: 1, Regs: Both("active", "1 active refreshed "+moved)})
	expect.Fires(t, s, code, "warning", f, first)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: Both("active", "1 terminated deactivated "+Phone, "2 active registered "+moved)})
	s.Tells(Told{Version: 2, Regs: Both("active", "2 active refreshed "+moved+";transport=udp")}) // the same address
	s.Tells(Told{Version: 3, Regs: Both("active", "2 terminated unregistered "+moved)})
	s.Tells(Told{Version: 4, Regs: Both("active", "2 active registered "+Phone)}) // an id used anew
	expect.Silent(t, s, code)
}
