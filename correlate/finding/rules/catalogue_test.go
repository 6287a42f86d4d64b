package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"imscope/correlate/finding/rules"
)

// Every rule says all that the catalogue prints, and stands with its test in files of its name.
func TestCatalogue(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	id := regexp.MustCompile(`^(F\d\d|C\.[45]|R\d+)$`)
	seen := map[string]bool{}
	for _, r := range rules.Catalogue() {
		if !kebab.MatchString(r.Code) || seen[r.Code] {
			t.Errorf("code %q is not kebab-case or there twice", r.Code)
		}
		seen[r.Code] = true
		for what, s := range map[string]string{"title": r.Title, "clause": r.Clause, "actor": string(r.Actor), "seen": r.Seen, "means": r.Means, "next": r.Next, "example": r.Example} {
			if s == "" || strings.TrimSpace(s) != s {
				t.Errorf("%s: %s %q", r.Code, what, s)
			}
		}
		if strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: title ends in a full stop", r.Code)
		}
		for _, f := range r.Failures {
			if !id.MatchString(f) {
				t.Errorf("%s: %q is no failure of the catalogue", r.Code, f)
			}
		}
		if r.Check == nil || rules.Find(r.Code) != r {
			t.Errorf("%s cannot be found or run", r.Code)
		}
		file := strings.ReplaceAll(r.Code, "-", "_")
		for _, name := range []string{file + ".go", file + "_test.go"} {
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s: %v", r.Code, err)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d rules", len(seen))
	}
}
