package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"testing"

	"imscope/correlate"
	"imscope/correlate/statistics"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/json"
)

func TestStatistics(t *testing.T) {
	rep, st := fixture.Statistics()
	var b bytes.Buffer
	if err := json.Statistics(&b, rep, st, render.Options{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "statistics.json", b.Bytes())
	var v struct {
		Schema string
		Users  int
		Total  struct {
			Registrations map[string]struct {
				Attempts, Succeeded, Rejected, Unanswered int
				Ratio                                     *float64           `json:"success_ratio"`
				Delay                                     map[string]float64 `json:"delay_ms"`
			}
			Late int `json:"refreshed_late"`
		}
		By map[string][]struct {
			Name    string
			Buckets []struct{ Start string }
		}
	}
	if err := stdjson.Unmarshal(b.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	initial := v.Total.Registrations["initial"]
	if v.Schema != "imscope-statistics/1" || v.Users != 3 || initial.Attempts != 2 || initial.Rejected != 1 || *initial.Ratio != 0.5 || initial.Delay["max"] != 1233 ||
		v.Total.Registrations["de-registration"].Unanswered != 1 || v.Total.Registrations["other"].Ratio != nil || v.Total.Late != 1 {
		t.Errorf("%+v", v)
	}
	if g := v.By["visited"]; len(v.By) != 1 || len(g) != 2 || g[0].Name != "visited1.fi" || len(g[0].Buckets) < 2 {
		t.Errorf("groups %+v", v.By)
	}
	b.Reset()
	if err := json.Statistics(&b, correlate.NewReport(0, nil), statistics.New(statistics.Options{}).Result(), render.Options{}); err != nil || !stdjson.Valid(b.Bytes()) {
		t.Errorf("%v: %s", err, b.Bytes())
	}
}
