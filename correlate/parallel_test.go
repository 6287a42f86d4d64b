package correlate

import (
	"fmt"
	"reflect"
	"testing"

	"imscope/correlate/story"
)

// TestMapLasts: what Map hands on may be kept, whole stories too; what Gather tells need not be, and is right while it
// is told.
func TestMapLasts(t *testing.T) {
	path, _, _ := load(t, 3*chunk+1)
	r := analyze(t, path)
	words := func(u *story.User) string {
		return fmt.Sprintf("%s %v %+v %+v", u.ID, u.PublicIdentities, bindings(u), timeline(u))
	}
	var want []string
	for u := range r.Users() {
		want = append(want, words(u))
	}
	var kept []*story.User
	for _, u := range Map(r, func(_ int, u *story.User) *story.User { return u }) {
		kept = append(kept, u)
	}
	var mapped []string
	for _, u := range kept {
		mapped = append(mapped, words(u))
	}
	var gathered []string
	for some := range Gather(r, func() *[]string { return new([]string) }, func(to *[]string, _ int, u *story.User) { *to = append(*to, words(u)) }) {
		gathered = append(gathered, *some...)
	}
	if len(want) != 3*chunk+1 || !reflect.DeepEqual(mapped, want) {
		t.Errorf("stories that were kept have changed: %d of %d users", len(mapped), len(want))
	}
	if !reflect.DeepEqual(gathered, want) {
		t.Errorf("told otherwise in memory that is used again: %d of %d users", len(gathered), len(want))
	}
}

// timeline spells the events without what they point at.
func timeline(u *story.User) (out []string) {
	for i := range u.Timeline {
		e := &u.Timeline[i]
		out = append(out, fmt.Sprint(e.Time, e.Frames, e.From, e.To, e.Kind, e.Summary, e.Hops))
	}
	for _, d := range u.Deregistrations {
		out = append(out, fmt.Sprint(d.Verdict, d.Frames, d.Contacts, d.Identities, d.Evidence))
	}
	for _, s := range u.Subscriptions {
		for _, d := range s.Documents {
			out = append(out, fmt.Sprint(d.Frame, d.Changes, d.Identities))
		}
	}
	return out
}

func bindings(u *story.User) (out []string) {
	for i := range u.Bindings {
		b := u.Bindings[i]
		b.EndedBy = nil
		out = append(out, fmt.Sprintf("%+v", b))
	}
	return out
}
