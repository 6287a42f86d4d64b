package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"io"
	"strings"
	"testing"

	"imscope/render"
	"imscope/render/csv"
	"imscope/render/internal/fixture"
)

func TestGuard(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"sip:tobias@home1.fr", "sip:tobias@home1.fr"},
		{"tel:+44-123-456-789", "tel:+44-123-456-789"},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+44 123", "'+44 123"},
		{"-1+2", "'-1+2"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t'=1"},
		{"\rx", "'\rx"},
		{"  =1", "  '=1"},
		{"＝1", "'＝1"},
		{"＠x", "'＠x"},
		{"a;=1", "a;'=1"},
		{"a; \t+1", "a; '\t'+1"},
		{"sip:a@b;comp=sigcomp", "sip:a@b;comp=sigcomp"},
		{"terminated;reason=timeout", "terminated;reason=timeout"},
		{"'=1", "'=1"},
		{"日本=1", "日本=1"},
	} {
		if got := csv.Guard(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWriter(t *testing.T) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Head("text", "int", "float", "ms", "bool", "time", "none")
	w.Text(`a "b", c`)
	w.Int(-7)
	w.Float(0.25)
	w.Millis(-2_500_001)
	w.Bool(true)
	w.Time(1109671200_123456789)
	w.Empty()
	w.End()
	w.Text("=1\r\n\x1b[31m")
	w.Int(-1)
	w.Float(-1e21)
	w.Millis(84_000_000)
	w.Bool(false)
	w.Time(0)
	w.Text(" edge ")
	w.End()
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "text,int,float,ms,bool,time,none\r\n" +
		`"a ""b"", c",-7,0.25,-2.500001,true,2005-03-01T10:00:00.123456789Z,` + "\r\n" +
		`'=1\r\n\x1b[31m,-1,-1000000000000000000000,84,false,," edge "` + "\r\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestWriterError(t *testing.T) {
	r, pipe := io.Pipe()
	r.Close()
	w := csv.NewWriter(pipe)
	for range 10_000 {
		w.Text("some text in a cell")
		w.End()
	}
	if err := w.Flush(); err != io.ErrClosedPipe {
		t.Error(err)
	}
}

// FuzzText: whatever is written, a reader of CSV gets one row of two cells of it, and no cell, wherever a
// spreadsheet may cut the line, starts a formula.
func FuzzText(f *testing.F) {
	for _, s := range fixture.Evils() {
		f.Add(s, "=1")
	}
	f.Add("=1;=2", "a;\t=3")
	f.Fuzz(func(t *testing.T, a, b string) {
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		w.Text(a)
		w.Text(b)
		w.End()
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := stdcsv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if a == "" && b == "" {
			return
		}
		if err != nil || len(rows) != 1 || len(rows[0]) != 2 {
			t.Fatalf("%q reads as %q, %v", out.String(), rows, err)
		}
		if strings.Count(out.String(), "\n") != 1 {
			t.Fatalf("%q is more than a line", out.String())
		}
		for i, cell := range rows[0] {
			if want := csv.Guard(render.Escape([]string{a, b}[i])); cell != want {
				t.Fatalf("%q came back as %q", want, cell)
			}
			for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\t' }) {
				if part = strings.TrimLeft(part, " "); part != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(part)[0]) {
					t.Fatalf("%q starts a formula", cell)
				}
			}
		}
	})
}
