package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSubscribeInDialogRejected(t *testing.T) {
	const code = "subscribe-in-dialog-rejected"

	s := watched(t)
	ask, answer := s.Watches(Watch{InDialog: true, CSeq: 2, Status: 404})
	expect.Fires(t, s, code, "warning", answer, ask)

	s = watched(t)
	s.Wait(2000 * time.Second) // the last NOTIFY said active;expires=1000
	s.Watches(Watch{InDialog: true, CSeq: 2, Status: 481})
	expect.Silent(t, s, code)

	s = watched(t)
	s.Tells(Told{State: "terminated;reason=deactivated"})
	s.Watches(Watch{InDialog: true, CSeq: 2, Status: 481})
	expect.Silent(t, s, code)

	s = watched(t)
	s.Watches(Watch{InDialog: true, CSeq: 2, Status: 500}) // ends nothing
	expect.Silent(t, s, code)
}
