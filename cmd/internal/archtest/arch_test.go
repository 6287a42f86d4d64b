package archtest

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// listed is what `go list -json` tells of a package.
type listed struct {
	ImportPath, Doc, Dir string
	Imports, GoFiles     []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Doc,Dir,Imports,GoFiles", "imscope/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 10 {
		t.Fatalf("go list knows %d packages only", len(list))
	}
	return list
}

// Data flows decode → correlate → render → cmd. A package imports packages of its own stage and of
// the stages before it, never of a later one.
var stages = []string{"decode", "correlate", "render", "cmd"}

func stage(path string) int {
	rest, ok := strings.CutPrefix(path, "imscope/")
	if !ok {
		return -1
	}
	first, _, _ := strings.Cut(rest, "/")
	return slices.Index(stages, first)
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		from := stage(p.ImportPath)
		for _, i := range p.Imports {
			if to := stage(i); from >= 0 && to > from {
				t.Errorf("%s imports %s: data flows %s", p.ImportPath, i, strings.Join(stages, " → "))
			}
			if from >= 0 && from < 3 && (i == "imscope/samples" || strings.HasPrefix(i, "imscope/samples/")) {
				t.Errorf("%s imports %s: samples are for cmd and for tests", p.ImportPath, i)
			}
		}
	}
}

// Parsers are pure: bytes in, message out, nothing else of the project.
func TestParsersAreLeaves(t *testing.T) {
	pure := []string{"imscope/decode/sip", "imscope/decode/reginfo", "imscope/decode/diameter"}
	allowed := []string{"imscope/decode/problem", "imscope/decode/internal/xmlscan"}
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.ImportPath) {
			continue
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "imscope/") && !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s: a parser knows bytes and problems only", p.ImportPath, i)
			}
			if i == "os" || i == "net" || strings.HasPrefix(i, "github.com/") {
				t.Errorf("%s imports %s: a parser needs neither system nor library", p.ImportPath, i)
			}
		}
	}
}

// Reasons for imports that belong in one place.
var confined = map[string]struct {
	to  *regexp.Regexp
	why string
}{
	"github.com/olekukonko/tablewriter": {regexp.MustCompile(`^imscope/render/text$`), "one place knows its API"},
	"github.com/parquet-go/parquet-go":  {regexp.MustCompile(`^imscope/render/parquet$`), "one place knows its API"},
	"github.com/spf13/cobra":            {regexp.MustCompile(`^imscope/cmd/`), "flags belong to cmd"},
	"os/exec":                           {regexp.MustCompile(`^imscope/(samples/bench|cmd/internal/archtest)`), "an analyzer runs no programs"},
	"net/http":                          {regexp.MustCompile(`^imscope/cmd/`), "nothing below the command line talks to a network"},
}

func TestConfinedImports(t *testing.T) {
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			if c, ok := confined[i]; ok && !c.to.MatchString(p.ImportPath) {
				t.Errorf("%s imports %s: %s", p.ImportPath, i, c.why)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// The table of ARCHITECTURE.md has all packages, and none that there is not.
func TestEveryPackageIsInTheTable(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|").FindAllStringSubmatch(string(b), -1) {
		for _, p := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			named["imscope/"+p[1]] = true
		}
	}
	for _, p := range packages(t) {
		if !named[p.ImportPath] {
			t.Errorf("%s is not in the table of ARCHITECTURE.md", p.ImportPath)
		}
		delete(named, p.ImportPath)
	}
	for p := range named {
		t.Errorf("%s is in the table of ARCHITECTURE.md, and nowhere else", p)
	}
}

func TestTopLevel(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	want := regexp.MustCompile(`^(cmd|decode|correlate|render|samples|go\.mod|go\.sum|[A-Z]+\.md|LICENSE|\..*|imscope)$`)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !want.MatchString(e.Name()) {
			t.Errorf("%s at the top level", e.Name())
		}
	}
}

// A file of 1,000 lines is more than one thing.
func TestNoGodFile(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > 1000 {
				t.Errorf("%s/%s has %d lines", p.ImportPath, f, n)
			}
		}
	}
}
