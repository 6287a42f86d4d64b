package json

import (
	"testing"
	"time"

	"imscope/render/internal/fixture"
)

// TestTime holds the moments that are put together from the one before against the calendar's.
func TestTime(t *testing.T) {
	var e encoder
	for _, ns := range []int64{
		1, 999_999_999, 1_000_000_000, 1_000_000_001, -1, -1_000_000_000, -1_000_000_001, 1772697600_123456789, 1772697600_999999999,
		1772697601_000000000, 1772697600_000000001, 4102444799_500000000, 1 << 62, -1 << 62,
	} {
		e.b = e.b[:0]
		e.time(ns)
		if want := time.Unix(0, ns).UTC().Format(`"2006-01-02T15:04:05.000000000Z"`); string(e.b) != want {
			t.Errorf("%d: %s, want %s", ns, e.b, want)
		}
	}
	e.b = e.b[:0]
	if e.time(0); string(e.b) != "null" {
		t.Errorf("0: %s, want null", e.b)
	}
}

// TestAllocations: an encoder that was used before writes a user without allocating.
func TestAllocations(t *testing.T) {
	for u := range fixture.SeedUser().Users() {
		var e encoder
		if n := testing.AllocsPerRun(100, func() { e.b = e.b[:0]; e.user(u) }); n != 0 {
			t.Errorf("%s: %v allocations, want none", u.ID, n)
		}
		if len(u.Deregistrations) == 0 || len(e.b) < 1000 {
			t.Errorf("%s: the fixture has too little to say: %d bytes", u.ID, len(e.b))
		}
	}
}
