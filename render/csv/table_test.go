package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"io"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/csv"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/tables"
)

func table(t testing.TB, name string, r *correlate.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := csv.New(tables.Find(name)).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, name := range tables.Names() {
		golden.Compare(t, "seed-user."+name+".csv", table(t, name, fixture.SeedUser()))
		golden.Compare(t, "seed-network."+name+".csv", table(t, name, fixture.SeedNetwork()))
	}
	if got := string(table(t, "users", correlate.NewReport(0, nil))); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "user,public_identities,") {
		t.Errorf("no users: %q", got)
	}
}

// read fails the test unless the table reads as rows of as many cells as it has columns.
func read(t *testing.T, name string, r *correlate.Report) [][]string {
	t.Helper()
	out := table(t, name, r)
	rows, err := stdcsv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if lines := bytes.Count(out, []byte("\r\n")); lines != len(rows) {
		t.Errorf("%s: %d lines for %d rows", name, lines, len(rows))
	}
	return rows
}

// TestHostile: whatever the wire says, rows stay rows, nothing starts a formula, nothing harms a terminal.
func TestHostile(t *testing.T) {
	for _, evil := range append(fixture.Evils(), "=1+1", "+1", "-1", "@x", "\t=1", "a;=1", " =1", strings.Repeat("x", 50_000)) {
		r := fixture.Hostile(evil)
		for _, tab := range tables.All() {
			rows := read(t, tab.Name, r)
			for i, row := range rows {
				for j, cell := range row {
					if len(cell) > 33_000 {
						t.Errorf("%s.%s has %d bytes", tab.Name, tab.Columns[j].Name, len(cell))
					}
					for _, c := range cell {
						if render.Unsafe(c) {
							t.Fatalf("%s holds %U", tab.Name, c)
						}
					}
					switch tab.Columns[j].Kind {
					case tables.Text, tables.Texts:
						if i > 0 && strings.TrimLeft(cell, " ") != "" && strings.ContainsAny(strings.TrimLeft(cell, " ")[:1], "=+-@") {
							t.Errorf("%s.%s starts a formula: %q", tab.Name, tab.Columns[j].Name, cell)
						}
					}
				}
			}
		}
	}
}

// TestNegativeNumbers: numbers stay numbers.
func TestNegativeNumbers(t *testing.T) {
	r := fixture.SeedUser()
	for u := range r.Users() {
		u.Deregistrations[0].Ended = u.Deregistrations[0].Started - 2_500_000
	}
	if got := string(table(t, "deregistrations", r)); !strings.Contains(got, ",-2.5,") {
		t.Errorf("no -2.5 in %s", got)
	}
}

func TestLongLists(t *testing.T) {
	r := fixture.SeedUser()
	for u := range r.Users() {
		u.Deregistrations[0].Frames = make([]uint32, 100_000)
		for range 10_000 {
			u.Deregistrations[0].Identities = append(u.Deregistrations[0].Identities, story.IdentityState{AOR: "sip:someone@home1.fr", State: "active"})
		}
	}
	for _, cell := range read(t, "deregistrations", r)[1] {
		if len(cell) > 33_000 {
			t.Errorf("a cell of %d bytes", len(cell))
		}
	}
}

func TestWriteError(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	if err := csv.New(tables.Find("users")).Render(w, fixture.Crowd(5000)); err != io.ErrClosedPipe {
		t.Error(err)
	}
}

func BenchmarkEvents(b *testing.B) {
	r := fixture.Crowd(1000)
	c := csv.New(tables.Find("events"))
	b.ReportAllocs()
	b.SetBytes(int64(len(table(b, "events", r))))
	for b.Loop() {
		if err := c.Render(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
