package text

import (
	"testing"

	"imscope/correlate/story"
)

// TestTelling: of many registrations those that failed are told, and the latest.
func TestTelling(t *testing.T) {
	all := make([]*story.Registration, 100)
	for i := range all {
		all[i] = &story.Registration{Outcome: story.Succeeded, Ended: int64(i)}
	}
	all[3].Outcome, all[50].Outcome = story.Rejected, story.Unanswered
	teller := teller{}
	got := teller.telling(all)
	if len(got) != maxRegistrations || got[0] != all[3] || got[1] != all[50] || got[2] != all[87] || got[14] != all[99] {
		t.Errorf("%d are told, the first ones of %d, %d, %d", len(got), got[0].Ended, got[1].Ended, got[2].Ended)
	}
	for _, r := range all {
		r.Outcome = story.Rejected
	}
	if got := teller.telling(all); len(got) != maxRegistrations || got[0] != all[85] {
		t.Errorf("%d are told, the first one is %d", len(got), got[0].Ended)
	}
	teller.all = true
	if got := teller.telling(all); len(got) != 100 {
		t.Errorf("%d of all are told", len(got))
	}
}
