package samples

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"imscope/samples/gen"
)

func TestGeneratedEqualsCommitted(t *testing.T) {
	scripts := os.DirFS("script")
	for _, s := range List() {
		if path.Dir(s.Name) != "." {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			name := strings.TrimSuffix(s.Name, ".pcapng") + ".txt"
			var now bytes.Buffer
			if err := gen.Capture(&now, scripts, name); err != nil {
				t.Fatal(err)
			}
			committed, err := FS.ReadFile(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(now.Bytes(), committed) {
				t.Errorf("script/%s has changed: run go generate ./samples", name)
			}
			script, err := gen.Parse(scripts, name)
			if err != nil {
				t.Fatal(err)
			}
			if script.Title != s.Title {
				t.Errorf("List has title %q, the script %q", s.Title, script.Title)
			}
		})
	}
}

func TestListNamesEveryFile(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range List() {
		listed[s.Name] = true
		if s.Title == "" || s.Description == "" {
			t.Errorf("%s has no title or no description", s.Name)
		}
		if !bytes.Contains(readme, []byte("`"+s.File()+"`")) {
			t.Errorf("README.md does not mention %s", s.File())
		}
	}
	for _, pattern := range []string{"*.pcap*", "real/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !listed[filepath.ToSlash(f)] {
				t.Errorf("%s is not in List", f)
			}
			delete(listed, filepath.ToSlash(f))
		}
	}
	for name := range listed {
		t.Errorf("List names %s, which is not there", name)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	old := filepath.Join(dir, List()[0].File())
	if err := os.WriteFile(old, []byte("left from before"), 0o644); err != nil {
		t.Fatal(err)
	}
	written, err := Write(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(written) != len(List()) {
		t.Errorf("wrote %d of %d samples", len(written), len(List()))
	}
	for _, s := range List() {
		want, err := FS.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, s.File()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from the sample", s.File())
		}
	}
}
