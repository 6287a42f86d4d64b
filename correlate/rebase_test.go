package correlate

import (
	"slices"
	"testing"
	"time"

	"imscope/decode"
	"imscope/samples"
)

// A run whose frames are renumbered now and then tells the same, each thing once.
func TestRebase(t *testing.T) {
	for _, s := range samples.List() {
		t.Run(s.Name, func(t *testing.T) {
			path := sample(t, s.Name)
			tell := func(every int) (told []string, latest uint32) {
				live := NewLive(Options{})
				take := func(e Emission) {
					switch {
					case e.Deregistration != nil && !e.Update:
						told = append(told, word(e.Deregistration))
					case e.Event != nil:
						told = append(told, e.Event.Summary)
						latest = e.Event.Frame
					case e.Finding != nil:
						told = append(told, e.Finding.Rule)
					}
				}
				// As in a run that has gone on for long.
				const before = 1_000_000
				last, n, base := int64(0), 0, uint32(0)
				run(t, path, func(r *decode.Record) {
					if n++; every > 0 && n%every == 0 && base < before {
						by := uint32(before / 2)
						live.Rebase(by)
						base += by
					}
					r.Frame += before - base
					live.Observe(r)
					last = max(last, r.Time)
					live.Advance(last, 0, take)
				})
				live.Advance(last+int64(10*time.Minute), 0, take)
				slices.Sort(told)
				return told, latest
			}
			want, whole := tell(0)
			got, latest := tell(40)
			if !slices.Equal(got, want) {
				t.Errorf("told %d things, renumbered %d", len(want), len(got))
				for _, w := range got {
					if !slices.Contains(want, w) {
						t.Errorf("also %s", w)
					}
				}
				for _, w := range want {
					if !slices.Contains(got, w) {
						t.Errorf("not %s", w)
					}
				}
			}
			if whole < 1_000_000 || latest > 1000 && len(want) > 100 {
				t.Errorf("the last frame is %d, renumbered %d", whole, latest)
			}
		})
	}
}
