package rules_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"imscope/correlate/finding/rules"
)

var updateTable = flag.Bool("update", false, "write README.md anew")

// TestTable keeps README.md, the table of all rules, as the catalogue is.
func TestTable(t *testing.T) {
	var b strings.Builder
	list := rules.Catalogue()
	fmt.Fprintf(&b, "# Rules\n\nMade from the catalogue by `go test ./correlate/finding/rules -run TestTable -update`; do not edit. %d rules.\n\n", len(list))
	b.WriteString("Failure is the entry of the catalogue of failures seen in real networks that a rule covers. A clause that begins\n" +
		"with «see» is a pointer, not a quotation. `imscope findings CODE` explains a rule.\n\n")
	b.WriteString("| code | severity | what | clause | failure | who acts |\n|---|---|---|---|---|---|\n")
	cell := func(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
	for _, r := range list {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.Code, r.Severity, cell(r.Title), cell(r.Clause), strings.Join(r.Failures, " "), r.Actor)
	}
	if *updateTable {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil || string(got) != b.String() {
		t.Errorf("README.md is not what the catalogue says (%v); run with -update", err)
	}
}
