package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoVersionRegression(t *testing.T) {
	active := Both("active", "1 active refreshed "+Phone)

	s := watched(t)
	a := s.Tells(Told{Version: 1, Regs: active})
	b := s.Tells(Told{Version: 0, Regs: active})
	expect.Fires(t, s, "reginfo-version-regression", "warning", b, a)

	s = watched(t)
	a = s.Tells(Told{Version: 2, CSeq: 2002, Partial: true, Regs: active})
	b = s.Tells(Told{Version: 1, CSeq: 2001, Partial: true, Regs: active})
	expect.Fires(t, s, "reginfo-version-regression", "info", b, a)

	s = watched(t)
	s.Tells(Told{Version: 1, Regs: active})
	s.Watches(Watch{CallID: "new"}) // a new subscription counts from 0
	s.Tells(Told{CallID: "new", Version: 0, Regs: active})
	expect.Silent(t, s, "reginfo-version-regression")
}
