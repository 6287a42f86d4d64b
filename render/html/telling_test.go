package html_test

import (
	"bytes"
	"fmt"
	"testing"

	"imscope/render/internal/fixture"
)

// TestCycles: of many de-registrations the page tells how it ended, wherever it has no room for all.
func TestCycles(t *testing.T) {
	b := page(t, fixture.Cycles(200), 0)
	check(t, b)
	has := func(want bool, format string, args ...any) {
		t.Helper()
		if s := fmt.Sprintf(format, args...); bytes.Contains(b, []byte(s)) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	const last = 201
	has(true, `id="u1-d%d"`, last)
	has(true, `<li><a href="#u1-d%d">De-registration %d</a></li>`, last, last)
	has(true, "199 more de-registrations, routine: by user 199×.") // after two verdicts
	has(true, "181 more de-registrations, routine: by user 181×.") // after twenty sections
	has(false, `id="u1-d1"`)
	for frame := last*10 - 5; frame <= last*10-2; frame++ {
		has(true, `id="u1-m%d"`, frame)
	}
	has(false, `href="#u1-d1"`)
}
