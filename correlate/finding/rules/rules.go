// Package rules holds the catalogue: one file and one test file for each rule. A file declares its
// rule with
//
//	var _ = rule(&finding.Rule{Code: …, Needs: …, Check: checkX})
//
// and nothing else has to change. What most users have one or two of goes into a few.Map, and what only a hit needs is
// worked out for a hit: a healthy user costs no memory.
package rules

import (
	"cmp"
	"slices"

	"imscope/correlate/finding"
)

var all []*finding.Rule

// rule enters a rule into the catalogue.
func rule(r *finding.Rule) *finding.Rule {
	all = append(all, r)
	return r
}

// Catalogue returns every rule, by code.
func Catalogue() []*finding.Rule {
	list := slices.Clone(all)
	slices.SortFunc(list, func(a, b *finding.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// Find returns the rule of a code, nil if there is none.
func Find(code string) *finding.Rule {
	for _, r := range all {
		if r.Code == code {
			return r
		}
	}
	return nil
}
