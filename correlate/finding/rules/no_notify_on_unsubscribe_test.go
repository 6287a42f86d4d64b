package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestNoNotifyOnUnsubscribe(t *testing.T) {
	const code = "no-notify-on-unsubscribe"

	s := watched(t)
	ask, answer := s.Watches(Watch{InDialog: true, CSeq: 2, Expires: -1})
	idle(s, 40*time.Second)
	expect.Fires(t, s, code, "info", answer, ask)

	s = watched(t)
	s.Watches(Watch{InDialog: true, CSeq: 2, Expires: -1})
	s.Tells(Told{State: "terminated;reason=timeout"})
	idle(s, 40*time.Second)
	expect.Silent(t, s, code)

	s = watched(t) // a refresh is another rule's
	s.Watches(Watch{InDialog: true, CSeq: 2})
	idle(s, 40*time.Second)
	expect.Silent(t, s, code)
}
