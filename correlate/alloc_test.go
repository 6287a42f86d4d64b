package correlate

import (
	"testing"

	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/internal/race"
)

// TestAllocations holds what is done for every user to a number of allocations: of a user who registers with a
// challenge, watches the registration and de-registers.
func TestAllocations(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates and forgets on its own; the tests without it count")
	}
	path, _, _ := load(t, 16)
	e, r := analyzed(t, path)
	if n := testing.AllocsPerRun(100, func() { r.tell(0, nil) }); n > maxTellAllocs {
		t.Errorf("told to last: %v allocations, want at most %d", n, maxTellAllocs)
	}
	d := new(desk)
	if n := testing.AllocsPerRun(100, func() { r.tell(0, d) }); n > 1 {
		t.Errorf("told on a desk: %v allocations, want one for the input", n)
	}
	u, in := r.tell(0, d)
	if len(u.Deregistrations) != 1 || len(u.Subscriptions) != 1 {
		t.Fatalf("%d de-registrations and %d subscriptions, want one of each", len(u.Deregistrations), len(u.Subscriptions))
	}
	c := e.caseOf(u, in, u.Context)
	judge := finding.NewJudge(rules.Catalogue())
	if n := testing.AllocsPerRun(100, func() { judge.Judge(&c, maxUserFindings) }); n > 0 {
		t.Errorf("Judge: %v allocations", n)
	}
}

// maxTellAllocs is what making the exchanges and the story itself takes, summaries, documents, changes and verdict, with
// some room: 69 on 2026-11-29.
const maxTellAllocs = 76
