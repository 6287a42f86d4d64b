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
	begins := map[string]string{"text": "seed-user.pcapng", "json": `{"schema":"imscope/1"`, "ndjson": `{"type":"event"`}
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
	if _, err := formats.New("xml", render.Options{}); err == nil || !strings.Contains(err.Error(), `"xml" (text, json, ndjson)`) {
		t.Errorf("xml: %v", err)
	}
}
