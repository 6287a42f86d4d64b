package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeRejected(t *testing.T) {
	const code = "subscribe-rejected"

	s := New(t)
	ask, answer := s.Watches(Watch{By: PCSCF, Status: 403})
	expect.Fires(t, s, code, "warning", answer, ask)

	s = New(t)
	ask, answer = s.Watches(Watch{By: PCSCF, Status: 500})
	s.Wait(10 * time.Second)
	s.Watches(Watch{By: PCSCF, CallID: "again"})
	expect.Fires(t, s, code, "info", answer, ask)

	s = New(t)
	s.Watches(Watch{Status: 401})
	s.Watches(Watch{CSeq: 2})
	s.Watches(Watch{InDialog: true, CSeq: 3, Status: 481}) // subscribe-in-dialog-rejected
	expect.Silent(t, s, code)
}
