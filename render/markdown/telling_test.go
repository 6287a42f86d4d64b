package markdown_test

import (
	"strings"
	"testing"

	"imscope/render/internal/fixture"
)

// TestCycles: of many de-registrations the report tells how it ended.
func TestCycles(t *testing.T) {
	text := draw(t, fixture.Cycles(30), 0)
	for _, want := range []string{"> **network-initiated · complete in 11 ms · 10:30:30.000**", "\n### De-registration 31: network-initiated",
		"… 29 more de-registrations, routine: by user 29×.", "… 11 more de-registrations, routine: by user 11×."} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(text, "### De-registration 11:") || !strings.Contains(text, "### De-registration 12:") {
		t.Error("not the latest twenty are told")
	}
	check(t, text)
}
