package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"strconv"
	"testing"

	"imscope/render/csv"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
)

func TestStatistics(t *testing.T) {
	_, st := fixture.Statistics()
	var b bytes.Buffer
	if err := csv.Statistics(&b, st); err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "statistics.csv", b.Bytes())
	rows, err := stdcsv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum, guarded := 0.0, false
	for _, r := range rows[1:] {
		v, err := strconv.ParseFloat(r[5], 64)
		if err != nil {
			t.Fatalf("%q: %v", r, err)
		}
		if r[0] == "group in bucket" && r[4] == "initial.attempts" {
			sum += v
			if r[1] == "" || r[2] != "visited" {
				t.Errorf("%q", r)
			}
		}
		guarded = guarded || r[3] == "'=cmd|' /C calc'!A1"
	}
	if sum != 2 || !guarded {
		t.Errorf("%v initial registrations in groups and buckets; formula guarded: %v", sum, guarded)
	}
}
