package correlate

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"imscope/correlate/story"
)

// TestGather: a story told in memory that is used again is the one that lasts, while it is told.
func TestGather(t *testing.T) {
	path, _, _ := load(t, 3*chunk+1)
	r := analyze(t, path)
	words := func(u *story.User) string {
		return fmt.Sprintf("%s %v %+v %+v", u.ID, u.PublicIdentities, bindings(u), timeline(u))
	}
	var want []string
	for u := range r.Users() {
		want = append(want, words(u))
	}
	var mapped []string
	for i, w := range Map(r, func(i int, u *story.User) string { return fmt.Sprint(i, words(u)) }) {
		mapped = append(mapped, strings.TrimPrefix(w, fmt.Sprint(i)))
	}
	var gathered []string
	for some := range Gather(r, func() *[]string { return new([]string) }, func(to *[]string, _ int, u *story.User) { *to = append(*to, words(u)) }) {
		gathered = append(gathered, *some...)
	}
	if len(want) != 3*chunk+1 || !reflect.DeepEqual(mapped, want) {
		t.Errorf("mapped otherwise: %d of %d users", len(mapped), len(want))
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

// TestInOrder takes results in order on one core and on more, to the end or not.
func TestInOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(cores)
		for _, n := range []int{0, 1, 7, 8, 9, 500} {
			for _, stop := range []int{-1, 0, 1, n / 16} {
				var worked atomic.Int64
				next := 0
				for from := range inOrder(n, 8, func(from int, d *desk) int { worked.Add(1); return from }) {
					if from != next*8 {
						t.Fatalf("%d cores, %d things: part %d begins at %d", cores, n, next, from)
					}
					if next++; next-1 == stop {
						break
					}
				}
				all := (n + 7) / 8
				want := all
				if stop >= 0 {
					want = min(stop+1, all)
				}
				if next != want {
					t.Errorf("%d cores, %d things, stop at %d: %d parts, want %d", cores, n, stop, next, want)
				}
				if most := next + 3*cores; int(worked.Load()) > min(most, all) {
					t.Errorf("%d cores, %d things, stop at %d: worked on %d parts", cores, n, stop, worked.Load())
				}
			}
		}
	}
}
