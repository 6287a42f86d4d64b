package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestIntervalTooBriefUnfounded(t *testing.T) {
	play := func(expires int, header string) (s *Scenario, asked, refused uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: 1}
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 423, header) - 1
	}
	for _, bad := range []struct {
		expires int
		header  string
	}{{0, "Min-Expires: 60\n"}, {600, ""}, {7200, "Min-Expires: 86400\n"}, {600, "Min-Expires: 600\n"}} {
		s, asked, refused := play(bad.expires, bad.header)
		expect.Fires(t, s, "interval-too-brief-unfounded", "warning", refused, asked)
	}
	s, _, _ := play(600, "Min-Expires: 3600\n")
	expect.Silent(t, s, "interval-too-brief-unfounded")
}
