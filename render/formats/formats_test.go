package formats_test

import (
	"bytes"
	"strings"
	"testing"

	"imscope/render"
	"imscope/render/formats"
	"imscope/render/internal/fixture"
)

func TestNew(t *testing.T) {
	begins := map[string]string{"text": "seed-user.pcapng", "json": `{"schema":"imscope/1"`, "ndjson": `{"type":"event"`,
		"csv": "user,time,frame,", "parquet": "PAR1"}
	for _, name := range formats.Names() {
		f, err := formats.New(name, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Render(&b, fixture.SeedUser()); err != nil {
			t.Fatal(err)
		}
		if want := begins[name]; want == "" || !strings.HasPrefix(b.String(), want) {
			t.Errorf("%s begins with %.40q", name, b.String())
		}
	}
	if _, err := formats.New("xml", render.Options{}); err == nil || !strings.Contains(err.Error(), `"xml" (text, json, ndjson, csv, parquet)`) {
		t.Errorf("xml: %v", err)
	}
	if _, err := formats.New("csv", render.Options{Table: "chairs"}); err == nil || !strings.Contains(err.Error(), `"chairs" (events,`) {
		t.Errorf("chairs: %v", err)
	}
	var b bytes.Buffer
	f, err := formats.New("text", render.Options{View: formats.ViewLadder})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Render(&b, fixture.SeedUser()); err != nil || !strings.Contains(b.String(), "──┬──") {
		t.Errorf("ladder: %v", err)
	}
}
