package correlate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
)

// A finding of which more is found later, at an earlier place, is told again as such and counts once. Another of its
// rule is another one.
func TestFindingsThatGrow(t *testing.T) {
	var got []string
	s, l, wait := onLive(t, func(e correlate.Emission) {
		if e.Finding != nil && (e.Finding.Rule == "reginfo-first-version" || e.Finding.Rule == "subscribe-rejected") {
			got = append(got, fmt.Sprint(e.Finding.Detail, " ", e.Update))
		}
	})
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 600000, CSeq: 1})
	s.Watches(Watch{By: PCSCF})
	s.Watches(Watch{By: UE1})
	s.Tells(Told{By: UE1, Version: 2, Regs: Both("active", "c active registered "+Phone)})
	wait(10 * time.Second)
	s.Tells(Told{By: PCSCF, Version: 2, Regs: Both("active", "c active registered "+Phone)})
	wait(10 * time.Second)
	if want := []string{"UE: the first version is 2 false", "P-CSCF: the first version is 2 (seen 2 times) true"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if n := l.Totals.Findings["reginfo-first-version"]; n != 1 {
		t.Errorf("%d findings", n)
	}
	got = nil
	for i := range 2 {
		s.Watches(Watch{By: UE1, CallID: fmt.Sprint("again-", i), Status: 403})
		wait(time.Minute)
	}
	if n := l.Totals.Findings["subscribe-rejected"]; n != 2 || len(got) != 2 || slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "true") }) {
		t.Errorf("%d findings, %q", n, got)
	}
}
