package correlate

import (
	"testing"

	"imscope/correlate/story"
)

// TestDeregistrations: what ended counts by who asked for it, what was refused or not answered as failed, and what had
// nothing to end not at all.
func TestDeregistrations(t *testing.T) {
	var d Deregistrations
	for _, x := range []story.Deregistration{
		{Initiator: story.ByUser, Outcome: story.Complete}, {Initiator: story.ByUser, Outcome: story.Rejected}, {Initiator: story.ByUser, Outcome: story.Unanswered},
		{Initiator: story.ByNetwork, Outcome: story.Incomplete}, {Initiator: story.ByUser, Outcome: story.Complete, Idle: true},
	} {
		var one Deregistrations
		one.Count(&x)
		d.Add(one)
	}
	if want := (Deregistrations{User: 1, Network: 1, Failed: 2}); d != want {
		t.Errorf("%+v, want %+v", d, want)
	}
}
