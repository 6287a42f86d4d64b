package text_test

import (
	"bytes"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/statistics"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/text"
)

func tally(t *testing.T, rep *correlate.Report, st *statistics.Statistics, opt render.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := text.New(opt).Statistics(&b, rep, st); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestStatistics(t *testing.T) {
	rep, st := fixture.Statistics()
	golden.Compare(t, "statistics.120.txt", tally(t, rep, st, render.Options{}))
	golden.Compare(t, "statistics.80.txt", tally(t, rep, st, render.Options{Width: 80}))
	if got := string(tally(t, correlate.NewReport(0, nil), statistics.New(statistics.Options{}).Result(), render.Options{})); strings.Contains(got, "Registrations") {
		t.Errorf("nothing, and yet: %s", got)
	}
}
