package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"imscope/render/tables"
	"imscope/samples"
)

// FuzzAnalyze takes any bytes for a capture: the whole way from the file to every output. It must
// end, exit with a code of the contract, write JSON that parses, no control character to a terminal,
// and the same again for the same input.
func FuzzAnalyze(f *testing.F) {
	for _, s := range samples.List() {
		b, err := fs.ReadFile(samples.FS, s.Name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 24<<10)])
	}
	f.Add([]byte("no capture at all"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, capture []byte) {
		run := func(args ...string) (string, int) {
			var out, errs bytes.Buffer
			code := Main(append(args, "-"), &Streams{In: bytes.NewReader(capture), Out: &out, Err: &errs})
			if code != 0 && code != 3 {
				t.Fatalf("%v: exit %d: %s", args, code, errs.String())
			}
			if i := strings.IndexFunc(errs.String(), control); i >= 0 {
				t.Fatalf("%v: control character on standard error: %q", args, errs.String())
			}
			return out.String(), code
		}
		text, code := run("analyze", "--no-progress", "--all")
		if i := strings.IndexFunc(text, control); i >= 0 {
			t.Fatalf("control character in text at %d: %q", i, text[max(0, i-40):min(len(text), i+40)])
		}
		doc, again := run("analyze", "--no-progress", "--format", "json")
		if code != again {
			t.Fatalf("exit %d for text, %d for JSON", code, again)
		}
		if doc != "" && !json.Valid([]byte(doc)) {
			t.Fatalf("no JSON: %q", doc)
		}
		if twice, _ := run("analyze", "--no-progress", "--format", "json"); twice != doc {
			t.Fatal("the same capture gives another report the second time")
		}
		page, _ := run("report", "-q", "-o", "-")
		if i := strings.IndexFunc(page, func(r rune) bool { return control(r) && r != '\t' }); i >= 0 {
			t.Fatalf("control character in the page: %q", page[max(0, i-40):min(len(page), i+40)])
		}
		if ladder, _ := run("analyze", "--no-progress", "--view", "ladder", "--all"); strings.IndexFunc(ladder, control) >= 0 {
			t.Fatalf("control character in %q", ladder)
		}
		for _, name := range tables.Names() {
			rows, _ := run("analyze", "-q", "--format", "csv", "--table", name)
			if _, err := csv.NewReader(strings.NewReader(rows)).ReadAll(); err != nil || strings.IndexFunc(strings.ReplaceAll(rows, "\r\n", "\n"), control) >= 0 {
				t.Fatalf("no table of %s: %v: %q", name, err, rows)
			}
		}
		if file, _ := run("analyze", "-q", "--format", "parquet", "--table", "documents"); file != "" && !strings.HasPrefix(file, "PAR1") {
			t.Fatalf("no Parquet: %q", file)
		}
		if lines, _ := run("messages"); strings.IndexFunc(lines, control) >= 0 {
			t.Fatalf("control character in %q", lines)
		}
	})
}

// control reports what must not reach a terminal.
func control(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }
