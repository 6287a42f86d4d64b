package correlate

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"imscope/correlate/story"
	"imscope/samples"
)

// TestOutline holds that a story in outline lacks what it says to lack and nothing else, and that it is judged as
// the whole story is.
func TestOutline(t *testing.T) {
	path, _, _ := load(t, 64)
	compareOutline(t, path)
	for _, s := range samples.List() {
		data, err := samples.FS.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), s.File())
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		compareOutline(t, path)
	}
}

func compareOutline(t *testing.T, path string) {
	t.Helper()
	e, r := analyzed(t, path)
	court := e.court(r.Decode, e.context(), r.Stats.Sealed)
	whole, outline := new(desk), new(desk)
	outline.teller.Outline = true
	for i := range r.count {
		u, in := r.tell(i, whole)
		o, oin := r.tell(i, outline)
		if a, b := court.judge(u, in), court.judge(o, oin); !reflect.DeepEqual(a, b) {
			t.Errorf("%s, %s: in outline it is judged\n%+v\nas a whole\n%+v", filepath.Base(path), u.ID, b, a)
		}
		u.Timeline = nil
		for _, d := range u.Deregistrations {
			d.Scope, d.Again, d.Steps, d.Evidence, d.Verdict = "", 0, nil, nil, ""
		}
		if a, b := exported(u), exported(o); !reflect.DeepEqual(a, b) {
			t.Errorf("%s, %s: in outline\n%+v\nas a whole\n%+v", filepath.Base(path), u.ID, b, a)
		}
	}
}

// exported gives what a user has to tell, functions left out.
func exported(u *story.User) map[string]any {
	out := map[string]any{}
	v := reflect.ValueOf(*u)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Name != "Label" && f.Name != "Phone" && f.Name != "Context" {
			out[f.Name] = v.Field(i).Interface()
		}
	}
	return out
}
