package rules_test

import (
	"fmt"
	"os"
	"testing"

	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
)

// TestMain has all tests of this package ask every rule about every case, and stops them where a rule finds something
// in a case that has not what it says it needs.
func TestMain(m *testing.M) {
	for _, r := range rules.Catalogue() {
		needs, check := r.Needs, r.Check
		r.Needs = 0
		r.Check = func(c *finding.Case, report func(finding.Hit)) {
			check(c, func(h finding.Hit) {
				if !c.Has(needs) {
					panic(fmt.Sprintf("%s needs what this case has not, and finds %q in frames %v", r.Code, h.Detail, h.Frames))
				}
				report(h)
			})
		}
	}
	os.Exit(m.Run())
}
