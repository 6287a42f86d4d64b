package rules_test

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
)

// TestMain has all tests of this package ask every rule about every case, and stops them where a rule finds something
// in a case that has not what it says it needs. Each rule must find something at least once, so that all are tried.
func TestMain(m *testing.M) {
	var found sync.Map
	for _, r := range rules.Catalogue() {
		needs, check := r.Needs, r.Check
		r.Needs = 0
		r.Check = func(c *finding.Case, report func(finding.Hit)) {
			check(c, func(h finding.Hit) {
				if !c.Has(needs) {
					panic(fmt.Sprintf("%s needs what this case has not, and finds %q in frames %v", r.Code, h.Detail, h.Frames))
				}
				found.Store(r.Code, true)
				report(h)
			})
		}
	}
	code := m.Run()
	if code == 0 && everythingRan() {
		for _, r := range rules.Catalogue() {
			if _, ok := found.Load(r.Code); !ok {
				fmt.Println(r.Code, "finds nothing in any test")
				code = 1
			}
		}
	}
	os.Exit(code)
}

// everythingRan reports whether nobody asked for some of the tests only.
func everythingRan() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	return true
}
