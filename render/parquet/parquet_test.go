package parquet_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	pq "github.com/parquet-go/parquet-go"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/parquet"
	"imscope/render/tables"
)

func table(t testing.TB, name string, r *correlate.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.New(tables.Find(name), render.Options{Version: "test"}).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadBack reads with the struct that a consumer would write.
func TestReadBack(t *testing.T) {
	type row struct {
		User    string    `parquet:"user,optional"`
		Number  int64     `parquet:"number,optional"`
		By      string    `parquet:"initiator,optional"`
		Idle    bool      `parquet:"idle"`
		Trigger *int64    `parquet:"trigger_frame,optional"`
		Status  *int64    `parquet:"status,optional"`
		Started time.Time `parquet:"started,optional,timestamp(nanosecond)"`
		Took    *float64  `parquet:"duration_ms,optional"`
		Left    []string  `parquet:"identities_left,list"`
		NotTold []string  `parquet:"not_told,list"`
		Frames  []int64   `parquet:"frames,list"`
		Cause   *string   `parquet:"cause,optional"`
		Missing *string   `parquet:"missing,optional"`
	}
	out := table(t, "deregistrations", fixture.SeedUser())
	rows, err := pq.Read[row](bytes.NewReader(out), int64(len(out)))
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	r := rows[0]
	frames := []int64{41, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61}
	switch {
	case r.User != "sip:tobias@home1.fr", r.Number != 1, r.By != "user", r.Idle, *r.Trigger != 41, r.Status != nil, *r.Took != 84,
		!r.Started.Equal(time.Date(2005, 3, 1, 10, 1, 0, 0, time.UTC)),
		!reflect.DeepEqual(r.Left, []string{"sip:tobias@home1.fr", "sip:gameMaster@home1.fr"}),
		!reflect.DeepEqual(r.NotTold, []string{"AS"}), !reflect.DeepEqual(r.Frames, frames),
		r.Cause == nil || !strings.HasPrefix(*r.Cause, "the UE asked for it"), r.Missing != nil:
		t.Errorf("%+v", r)
	}
}

// TestSchema pins the types that others rely on.
func TestSchema(t *testing.T) {
	out := table(t, "events", fixture.SeedUser())
	f, err := pq.OpenFile(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	schema := f.Schema().String()
	for _, want := range []string{
		"message events {", "optional binary user (STRING);", "optional int64 time (TIMESTAMP(isAdjustedToUTC=true,unit=NANOS));",
		"optional int64 frame (INT(64,true));", "required group frames (LIST) {", "repeated group list {", "required int64 element (INT(64,true));",
		"optional double transit_ms;",
	} {
		if !strings.Contains(schema, want) {
			t.Errorf("no %q in\n%s", want, schema)
		}
	}
	for i, c := range f.Root().Columns() {
		if want := tables.Find("events").Columns[i].Name; c.Name() != want {
			t.Errorf("column %d is %s, want %s", i, c.Name(), want)
		}
	}
	if v, _ := f.Lookup("imscope.captures"); v != "seed-user.pcapng" {
		t.Errorf("captures: %q", v)
	}
	if by := f.Metadata().CreatedBy; !strings.HasPrefix(by, "imscope version test") {
		t.Errorf("created by %q", by)
	}
}

// TestAll reads every cell of every table back and compares it with what the table says.
func TestAll(t *testing.T) {
	for _, r := range []*correlate.Report{fixture.SeedUser(), fixture.SeedNetwork(), fixture.Crowd(600), correlate.NewReport(0, nil)} {
		for _, tab := range tables.All() {
			compare(t, tab, r)
		}
	}
}

func TestHostile(t *testing.T) {
	for _, evil := range fixture.Evils() {
		for _, tab := range tables.All() {
			compare(t, tab, fixture.Hostile(evil))
		}
	}
}

// compare reads a table back value by value.
func compare(t *testing.T, tab *tables.Table, r *correlate.Report) {
	t.Helper()
	out := table(t, tab.Name, r)
	reader := pq.NewReader(bytes.NewReader(out))
	defer reader.Close()
	buf := make([]pq.Row, 1)
	for some := range tables.Gather(tab, r, func() *[][]tables.Value { return new([][]tables.Value) }, func(to *[][]tables.Value, row []tables.Value) {
		row = slices.Clone(row)
		for i := range row {
			row[i].Ints, row[i].Texts = slices.Clone(row[i].Ints), slices.Clone(row[i].Texts)
		}
		*to = append(*to, row)
	}) {
		for _, row := range *some {
			if n, err := reader.ReadRows(buf); n != 1 {
				t.Fatalf("%s: %v", tab.Name, err)
			}
			for i, c := range tab.Columns {
				var got []pq.Value
				for _, v := range buf[0] {
					if v.Column() == i {
						got = append(got, v)
					}
				}
				if !same(c.Kind, &row[i], got) {
					t.Errorf("%s.%s: %v, want %+v", tab.Name, c.Name, got, row[i])
				}
			}
		}
	}
	if n, err := reader.ReadRows(buf); n != 0 || err != io.EOF {
		t.Errorf("%s has more rows", tab.Name)
	}
}

func same(k tables.Kind, want *tables.Value, got []pq.Value) bool {
	null := len(got) == 1 && got[0].IsNull()
	switch k {
	case tables.Bool:
		return len(got) == 1 && got[0].Boolean() == want.Bool
	case tables.Ints:
		if len(want.Ints) == 0 {
			return null
		}
		for i, v := range got {
			if v.Int64() != int64(want.Ints[i]) {
				return false
			}
		}
		return len(got) == len(want.Ints)
	case tables.Texts:
		if len(want.Texts) == 0 {
			return null
		}
		for i, v := range got {
			if !text(v, want.Texts[i]) {
				return false
			}
		}
		return len(got) == len(want.Texts)
	}
	if want.Absent || null {
		return want.Absent && null
	}
	switch k {
	case tables.Int, tables.Time:
		return got[0].Int64() == want.N
	case tables.Millis:
		return got[0].Double() == float64(want.N)/1e6
	}
	return text(got[0], want.Text)
}

func text(v pq.Value, want string) bool {
	return utf8.Valid(v.ByteArray()) && string(v.ByteArray()) == strings.ToValidUTF8(want, "\ufffd")
}

func TestSameBytes(t *testing.T) {
	for _, tab := range tables.All() {
		if a, b := table(t, tab.Name, fixture.Crowd(3000)), table(t, tab.Name, fixture.Crowd(3000)); !bytes.Equal(a, b) {
			t.Errorf("%s differs when made again", tab.Name)
		}
	}
}

// failing fails after n bytes.
type failing struct{ n int }

func (w *failing) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	for _, n := range []int{0, 100, 5000} {
		if err := parquet.New(tables.Find("events"), render.Options{}).Render(&failing{n}, fixture.Crowd(5000)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func TestLongText(t *testing.T) {
	r := fixture.SeedUser()
	for u := range r.Users() {
		u.Deregistrations[0].Verdict = strings.Repeat("long ", 1<<20)
		u.Deregistrations = append(u.Deregistrations, &story.Deregistration{})
	}
	compare(t, tables.Find("deregistrations"), r)
}

func BenchmarkEvents(b *testing.B) {
	r := fixture.Crowd(2000)
	p := parquet.New(tables.Find("events"), render.Options{})
	b.ReportAllocs()
	b.SetBytes(int64(len(table(b, "events", r))))
	for b.Loop() {
		if err := p.Render(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
