package words

import (
	"testing"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

func TestEnded(t *testing.T) {
	for _, c := range []struct {
		d     correlate.Deregistrations
		total int
		want  string
	}{
		{correlate.Deregistrations{}, 0, ""},
		{correlate.Deregistrations{Failed: 2}, 0, "2 attempts failed"},
		{correlate.Deregistrations{User: 1200, Expiry: 1}, 1201, "1,200 by the user, 1 by expiry"},
		{correlate.Deregistrations{Network: 1, Unknown: 2, Failed: 1}, 3, "1 by the network, 2 by unknown; 1 attempt failed"},
	} {
		total, l := Ended(&c.d)
		if got := Join(l); total != c.total || got != c.want {
			t.Errorf("%+v: %d, %q", c.d, total, got)
		}
	}
}

// TestByRule: what a rule found with two severities stands in two rows.
func TestByRule(t *testing.T) {
	list := []finding.Finding{{Rule: "a", Severity: problem.Error, User: "x"}, {Rule: "b", Severity: problem.Info, User: "x"}, {Rule: "a", Severity: problem.Info, User: "y"},
		{Rule: "a", Severity: problem.Info, User: "y"}}
	got := ByRule(list)
	if len(got) != 3 || got[0].First != &list[0] || got[0].N != 1 || got[1].First != &list[2] || got[1].N != 2 || got[1].Users != 1 || got[2].N != 1 {
		t.Errorf("%+v", got)
	}
}

func TestExamples(t *testing.T) {
	for want, n := range map[string][2]int{"One user of each kind of case": {6, 6}, "One user of each of 6 kinds of cases, of 9": {6, 9}} {
		if got := Examples(n[0], n[1]); got != want {
			t.Errorf("%v: %s", n, got)
		}
	}
}
