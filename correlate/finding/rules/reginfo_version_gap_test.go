package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoVersionGap(t *testing.T) {
	s := New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	first := s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	jump := s.Notify(UE1, 2, "partial", Both("active", "1 active refreshed "+Phone))
	expect.Fires(t, s, "reginfo-version-gap", "warning", jump, first)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 1, "full", Both("active", "1 active registered "+Phone)) // a first version of 1 is no gap
	s.Notify(UE1, 2, "partial", Both("active", "1 active refreshed "+Phone))
	expect.Silent(t, s, "reginfo-version-gap")

	s = watched(t) // the CSeq jumps as well: a NOTIFY is missing
	first = s.Tells(Told{Version: 1, CSeq: 2001, Partial: true, Regs: Both("active", "1 active refreshed "+Phone)})
	jump = s.Tells(Told{Version: 3, CSeq: 2003, Partial: true, Regs: Both("active", "1 active refreshed "+Phone)})
	expect.Fires(t, s, "reginfo-version-gap", "info", jump, first)
}
