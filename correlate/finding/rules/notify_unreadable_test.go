package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNotifyUnreadable(t *testing.T) {
	for _, c := range []struct {
		header string
		fires  bool
	}{{"Content-Encoding: gzip\n", true}, {"", false}} {
		s := watched(t)
		told := s.Tells(Told{Version: 1, Regs: Both("active", "1 active refreshed "+Phone), Header: c.header})
		if c.fires {
			expect.Fires(t, s, "notify-unreadable", "warning", told)
		} else {
			expect.Silent(t, s, "notify-unreadable")
		}
	}
}
