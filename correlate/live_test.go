package correlate

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/samples"
)

// sample writes a sample capture and returns its path.
func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(samples.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(name))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t testing.TB, path string, fn func(*decode.Record)) {
	t.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if _, err := decode.Run(context.Background(), set, decode.Options{}, func(r *decode.Record) error { fn(r); return nil }); err != nil {
		t.Fatal(err)
	}
}

// A live run emits each de-registration once and says what the report of the whole capture says.
func TestLiveTellsTheSame(t *testing.T) {
	for _, s := range samples.List() {
		t.Run(s.Name, func(t *testing.T) {
			path := sample(t, s.Name)
			whole := NewEngine(Options{})
			live := NewLive(Options{})
			var got []string
			events := 0
			take := func(e Emission) {
				switch {
				case e.Deregistration != nil && !e.Update:
					got = append(got, word(e.Deregistration))
				case e.Event != nil:
					events++
				}
			}
			last := int64(0)
			run(t, path, func(r *decode.Record) {
				whole.Observe(r)
				live.Observe(r)
				last = max(last, r.Time)
				live.Advance(last, 0, take)
			})
			live.Advance(last+int64(10*time.Minute), 0, take)
			var want []string
			messages := 0
			for u := range whole.Close(nil, nil).Users() {
				for _, d := range u.Deregistrations {
					want = append(want, word(d))
				}
				messages += len(u.Timeline)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("live:\n%s\noffline:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if events != messages {
				t.Errorf("%d events live, %d offline", events, messages)
			}
		})
	}
}

func word(d *story.Deregistration) string {
	return d.Initiator + " " + d.Outcome + " " + strings.Join(d.Contacts, " ")
}

// Users who come and go leave nothing behind.
func TestLiveForgets(t *testing.T) {
	live := NewLive(Options{})
	path := sample(t, "user-initiated.pcapng")
	shift := int64(0)
	for range 12 {
		first, last := int64(0), int64(0)
		run(t, path, func(r *decode.Record) {
			if first == 0 {
				first = r.Time
			}
			c := *r
			c.Time += shift
			c.Frame += uint32(shift / 1e9)
			live.Observe(&c)
			last = max(last, c.Time)
			live.Advance(last, 0, func(Emission) {})
		})
		shift += last - first + int64(3*time.Hour)
	}
	facts := 0
	for _, u := range live.users.all {
		facts += len(u.in.Exchanges) + len(u.in.Cx)
	}
	if facts > 2*foldAfter {
		t.Errorf("%d facts are kept of one user after 12 rounds", facts)
	}
	if live.Totals.Folded == 0 {
		t.Error("nothing was folded")
	}
	live.Advance(live.end+int64(400*time.Hour), 0, func(Emission) {})
	live.Advance(live.end+int64(400*time.Hour), 0, func(Emission) {})
	live.Advance(live.end+int64(400*time.Hour), 0, func(Emission) {})
	if n := live.Users(); n != 0 || len(live.users.byName) != 0 {
		t.Errorf("%d users and %d names are left after all has expired", n, len(live.users.byName))
	}
}

// Silence proves nothing of a time that no file covers.
func TestGapBetweenFiles(t *testing.T) {
	files := []capture.FileInfo{
		{HasTime: true, FirstTime: 0, LastTime: int64(time.Minute)},
		{HasTime: true, FirstTime: int64(90 * time.Second), LastTime: int64(2 * time.Minute)}, // the next of a rotated set
		{HasTime: true, FirstTime: int64(time.Hour), LastTime: int64(2 * time.Hour)},
		{},
	}
	want := []story.Span{{From: 0, To: int64(2 * time.Minute)}, {From: int64(time.Hour), To: int64(2 * time.Hour)}}
	if got := spans(files, 0); !slices.Equal(got, want) {
		t.Errorf("spans %v, want %v", got, want)
	}
	var paths []string
	for _, name := range []string{"user-initiated.pcapng", "real/real-two-phones.pcap"} {
		paths = append(paths, sample(t, name))
	}
	set, err := capture.Open(context.Background(), paths, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	e := NewEngine(Options{})
	if _, err := decode.Run(context.Background(), set, decode.Options{}, func(r *decode.Record) error { e.Observe(r); return nil }); err != nil {
		t.Fatal(err)
	}
	// They lie months apart; what was registered in the first did not run out in its sight.
	if d := e.Close(set.Files(), nil).Stats.Deregistrations; d != (Deregistrations{User: 2}) {
		t.Errorf("%+v, want 2 by the user", d)
	}
}
