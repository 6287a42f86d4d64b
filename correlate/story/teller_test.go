package story_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/correlate/internal/race"
	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/samples"
	"imscope/samples/gen"
)

// users tells the users of a capture.
func users(t testing.TB, bytes []byte) (list []*story.User) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	e := correlate.NewEngine(correlate.Options{})
	st, err := decode.Run(context.Background(), set, decode.Options{}, func(r *decode.Record) error { e.Observe(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for u := range e.Close(set.Files(), st).Users() {
		list = append(list, u)
	}
	return list
}

// load is a capture with users of all kinds that gen knows.
func load(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := gen.Load(&b, gen.LoadConfig{Users: 16}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// facts are those that a story was made of, so far as they left an event.
func facts(u *story.User) (in story.Input) {
	exchanges, cx := map[*fact.Exchange]bool{}, map[*fact.Cx]bool{}
	for _, e := range u.Timeline {
		if e.Exchange != nil && !exchanges[e.Exchange] {
			exchanges[e.Exchange] = true
			in.Exchanges = append(in.Exchanges, e.Exchange)
		}
		if e.Cx != nil && !cx[e.Cx] {
			cx[e.Cx] = true
			in.Cx = append(in.Cx, e.Cx)
		}
	}
	return in
}

// whole is all that a user has to tell, functions and what is inside left out.
func whole(u *story.User) map[string]any {
	out := map[string]any{"Registrations": u.Registrations(), "Beliefs": u.Beliefs()}
	v := reflect.ValueOf(*u)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Name != "Label" && f.Name != "Phone" && f.Name != "Context" {
			out[f.Name] = v.Field(i).Interface()
		}
	}
	return out
}

// giant registers with a new contact again and again, watched by as many watchers, with many identities.
func giant(t *testing.T) *story.User {
	s := New(t)
	for i := range 60 {
		contact := fmt.Sprintf("sip:alice@10.0.1.%d:5060", i)
		r := Register{UE: UE1, Contact: contact, Expires: 60 + i, CSeq: i + 1, CallID: fmt.Sprint("call", i)}
		s.Registered(r)
		watch := Watch{Contact: fmt.Sprintf("sip:watcher@10.9.2.%d:5060", i), CallID: fmt.Sprint("watch", i)}
		s.Watches(watch)
		tells := func(version, identities int, contact string) {
			regs := ""
			for j := range identities {
				regs += Reg(fmt.Sprintf("sip:alice%d@home1.net", i%2*10+j), "active", contact)
			}
			s.Tells(Told{CallID: watch.CallID, Version: version, Regs: Both("active", contact) + regs})
		}
		tells(0, 20, "1 active registered "+contact)
		if i%7 == 6 {
			s.Removed(r, 100)
			tells(1, 15, "1 terminated unregistered "+contact)
		}
		if i%11 == 10 {
			tells(2, 3, "2 active registered "+contact)
		}
		s.Wait(5 * time.Second)
	}
	return s.Close()
}

// TestTeller: one teller for all users tells what tellers of their own would, whatever it told before. What it
// says stays said.
func TestTeller(t *testing.T) {
	list := []*story.User{giant(t)}
	list = append(list, users(t, load(t))...)
	for _, s := range samples.List() {
		b, err := samples.FS.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, users(t, b)...)
	}
	var teller story.Teller
	var said, meant []string
	events := 0
	for pass := range 3 {
		for i := range list {
			if pass == 1 {
				i = len(list) - 1 - i
			}
			in := facts(list[i])
			fresh, again := story.Tell(in, list[i].Context), teller.Tell(in, list[i].Context)
			want := whole(fresh)
			for what, got := range whole(again) {
				if !reflect.DeepEqual(got, want[what]) {
					t.Fatalf("pass %d, user %d, %s: %s told anew\n%+v\nwant\n%+v", pass, i, fresh.ID, what, got, want[what])
				}
			}
			for j := range fresh.Timeline {
				said, meant = append(said, again.Timeline[j].Summary), append(meant, fresh.Timeline[j].Summary)
			}
			events += len(fresh.Timeline)
		}
	}
	if !reflect.DeepEqual(said, meant) {
		t.Error("what the teller said has changed behind it")
	}
	if events < 1000 {
		t.Errorf("%d events only", events)
	}
}

// TestTellAllocations: a user costs next to nothing in memory that served others before, and some pieces in memory
// of its own.
func TestTellAllocations(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates and forgets on its own; the tests without it count")
	}
	for _, u := range users(t, load(t)) {
		in, ctx := facts(u), u.Context
		var teller story.Teller
		again := func() {
			u := teller.Tell(in, ctx)
			u.Registrations()
			u.Beliefs()
		}
		again()
		again()
		if n := testing.AllocsPerRun(100, again); n > 2 {
			t.Errorf("%s, %d de-registrations: told again with %v allocations", u.ID, len(u.Deregistrations), n)
		}
		if n := testing.AllocsPerRun(100, func() { story.Tell(in, ctx) }); n > 25 {
			t.Errorf("%s, %d de-registrations: told with %v allocations", u.ID, len(u.Deregistrations), n)
		}
	}
}

// BenchmarkTeller is the story of a user who registers, watches and de-registers, in the memory of the user before.
func BenchmarkTeller(b *testing.B) {
	for _, u := range users(b, load(b)) {
		if len(u.Deregistrations) == 0 {
			continue
		}
		in, ctx := facts(u), u.Context
		b.Run("story", func(b *testing.B) {
			var teller story.Teller
			b.ReportAllocs()
			for b.Loop() {
				teller.Tell(in, ctx)
			}
		})
		b.Run("registrations", func(b *testing.B) {
			var teller story.Teller
			b.ReportAllocs()
			for b.Loop() {
				teller.Tell(in, ctx).Registrations()
			}
		})
		b.Run("beliefs", func(b *testing.B) {
			var teller story.Teller
			b.ReportAllocs()
			for b.Loop() {
				teller.Tell(in, ctx).Beliefs()
			}
		})
		return
	}
}
