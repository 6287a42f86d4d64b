// Package expect checks in tests what a rule found in a scenario.
package expect

import (
	"slices"
	"testing"

	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/internal/scenario"
)

func of(t *testing.T, s *scenario.Scenario, code string) []finding.Finding {
	t.Helper()
	if rules.Find(code) == nil {
		t.Fatalf("no rule %q", code)
	}
	var hits []finding.Finding
	for _, f := range s.Engine.Close(nil, nil).Findings {
		if f.Rule == code {
			hits = append(hits, f)
		}
	}
	return hits
}

// Fires checks that a rule found just one thing, of this severity, and shows these frames.
func Fires(t *testing.T, s *scenario.Scenario, code, severity string, frames ...uint32) finding.Finding {
	t.Helper()
	hits := of(t, s, code)
	if len(hits) != 1 {
		t.Fatalf("%s: %d hits, want 1: %+v", code, len(hits), hits)
	}
	if h := hits[0]; h.Severity.String() != severity || !slices.Equal(h.Frames, frames) {
		t.Errorf("%s: %s in frames %v (%s), want %s in %v", code, h.Severity, h.Frames, h.Detail, severity, frames)
	}
	return hits[0]
}

// Silent checks that a rule found nothing.
func Silent(t *testing.T, s *scenario.Scenario, code string) {
	t.Helper()
	for _, h := range of(t, s, code) {
		t.Errorf("%s: %s in frames %v: %s", code, h.Severity, h.Frames, h.Detail)
	}
}

// Detail checks what a rule says of the only thing that it found.
func Detail(t *testing.T, s *scenario.Scenario, code, want string) {
	t.Helper()
	if hits := of(t, s, code); len(hits) != 1 || hits[0].Detail != want {
		t.Errorf("%s: %+v, want %q", code, hits, want)
	}
}
