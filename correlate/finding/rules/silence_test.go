package rules

import (
	"testing"

	"imscope/correlate/finding"
)

func TestOverdue(t *testing.T) {
	for _, tt := range []struct {
		name    string
		c       finding.Case
		missing bool
		doubt   string
	}{
		{"the capture ends at once", finding.Case{End: finding.Second / 4}, false, ""},
		{"the capture ends early", finding.Case{End: 5 * finding.Second}, true, "the capture ends 5.0 s later"},
		{"the capture goes on", finding.Case{End: 5 * finding.Second, Ongoing: true}, false, ""},
		{"it has gone on for long", finding.Case{End: 40 * finding.Second, Ongoing: true}, true, ""},
		{"long enough", finding.Case{End: 40 * finding.Second}, true, ""},
		{"with losses", finding.Case{End: 40 * finding.Second, View: finding.View{Damaged: true}}, true, "the capture lost packets"},
	} {
		if missing, doubt := overdue(&tt.c, 0, timerN); missing != tt.missing || doubt != tt.doubt {
			t.Errorf("%s: %v %q, want %v %q", tt.name, missing, doubt, tt.missing, tt.doubt)
		}
	}
}
