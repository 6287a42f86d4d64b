package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoRegistrationIDChanged(t *testing.T) {
	const code = "reginfo-registration-id-changed"
	renamed := strings.ReplaceAll(Both("active", "1 active refreshed "+Phone), `id="r-`, `id="x-`)

	s := watched(t)
	first := s.Frame - 3
	f := s.Tells(Told{Version: 1, Partial: true, Regs: renamed})
	expect.Fires(t, s, code, "error", f, first)

	s = watched(t)
	first = s.Frame - 3
	f = s.Tells(Told{Version: 1, Regs: renamed})
	expect.Fires(t, s, code, "warning", f, first)

	s = watched(t)
	s.Watches(Watch{By: PCSCF})
	s.Tells(Told{By: PCSCF, Regs: renamed}) // ids count within a subscription
	expect.Silent(t, s, code)
}
