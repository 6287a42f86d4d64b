package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestLiveDeviceDeregistered(t *testing.T) {
	play := func(wait time.Duration) (s *Scenario, off, back uint32) {
		s = New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		own := Register{UE: PCSCF, Contact: Phone, CSeq: 1, Auth: `, integrity-protected="ip-assoc-yes"`}
		off = s.AskOver(own, PCSCF, SCSCF)
		s.AnswerOver(own, 200, "", SCSCF, PCSCF)
		s.Wait(wait)
		back = s.Frame + 1
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"})
		return s, off, back
	}
	s, off, back := play(2 * time.Second)
	expect.Fires(t, s, "live-device-deregistered", "warning", off, back)
	s, _, _ = play(10 * time.Minute)
	expect.Silent(t, s, "live-device-deregistered")

	// The phone's own choice: off and on again.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	d := Register{UE: UE1, Contact: Phone, CSeq: 2}
	s.Ask(d)
	s.Answer(d, 200, "")
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3})
	expect.Silent(t, s, "live-device-deregistered")
}
