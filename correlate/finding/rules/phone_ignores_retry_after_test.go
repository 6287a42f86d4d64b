package rules_test

import (
	"strings"
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestPhoneIgnoresRetryAfter(t *testing.T) {
	const code = "phone-ignores-retry-after"
	gone := Told{Version: 1, Regs: strings.ReplaceAll(Both("terminated", "1 terminated probation "+Phone), "event=", `retry-after="120" event=`), State: "terminated"}
	again := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"}

	s := watched(t)
	f := s.Tells(gone)
	s.Wait(3 * time.Second)
	ask := s.Ask(again)
	expect.Fires(t, s, code, "warning", ask, f)

	s = watched(t)
	s.Tells(gone)
	s.Wait(2 * time.Minute)
	s.Ask(again)
	expect.Silent(t, s, code)

	s = watched(t) // it was never acknowledged
	gone.Status = -1
	s.Tells(gone)
	s.Ask(again)
	expect.Silent(t, s, code)
}
