package json_test

import (
	"bytes"
	stdjson "encoding/json"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/json"
)

func object(t testing.TB, r *correlate.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.New(render.Options{Version: "test"}).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func lines(t testing.TB, r *correlate.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewLines(render.Options{Version: "test"}).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	golden.Compare(t, "seed-user.json", object(t, fixture.SeedUser()))
	golden.Compare(t, "seed-user.ndjson", lines(t, fixture.SeedUser()))
	golden.Compare(t, "seed-network.json", object(t, fixture.SeedNetwork()))
	golden.Compare(t, "anatomy.json", object(t, fixture.Anatomy()))
	golden.Compare(t, "empty.json", object(t, correlate.NewReport(0, nil)))
	golden.Compare(t, "empty.ndjson", lines(t, correlate.NewReport(0, nil)))
}

// TestContract pins names, order and kinds of what others rely on.
func TestContract(t *testing.T) {
	out := object(t, fixture.SeedUser())
	order := []string{"schema", "captures", "path", "format", "packets", "bytes", "first_time", "last_time", "truncated",
		"stats", "packets", "sip_messages", "sip_requests", "sip_responses", "reginfo_documents", "diameter_messages", "retransmissions",
		"problems", "users", "deregistrations", "user", "network", "expiry", "unknown",
		"users", "id", "public_identities", "private_identities", "instances",
		"bindings", "aor", "contact", "instance", "state", "event", "registered", "expires", "ended",
		"subscriptions", "watcher", "watcher_uri", "call_id", "state", "reason", "documents", "frame", "time", "version", "state",
		"changes", "aor", "contact_id", "contact", "kind", "from", "to", "event",
		"deregistrations", "initiator", "outcome", "scope", "trigger_frame", "started", "ended", "duration_ms", "frames", "contacts",
		"identities", "aor", "state", "cause", "evidence", "frame", "what",
		"timeline", "time", "frame", "frames", "from", "to", "kind", "summary",
		"findings", "rule", "severity", "user", "title", "detail", "clause", "frames"}
	rest := string(out)
	for _, key := range order {
		_, after, ok := strings.Cut(rest, `"`+key+`":`)
		if !ok {
			t.Fatalf("key %q is missing or out of order", key)
		}
		rest = after
	}

	var rep struct {
		Captures []struct {
			First string `json:"first_time"`
		}
		Stats struct {
			Responses stdjson.RawMessage `json:"sip_responses"`
			Dereg     map[string]int     `json:"deregistrations"`
		}
		Users []struct {
			Bindings []struct{ Registered, Expires, Ended *string }
			Subs     []struct {
				Documents []struct{ Version *int64 }
			} `json:"subscriptions"`
			Dereg []struct {
				Duration float64 `json:"duration_ms"`
				Frames   []uint32
				Evidence []struct{ Frame *uint32 }
			} `json:"deregistrations"`
		}
	}
	if err := stdjson.Unmarshal(out, &rep); err != nil {
		t.Fatal(err)
	}
	if got := rep.Captures[0].First; got != "2005-03-01T10:00:00.000000000Z" {
		t.Errorf("first_time = %s", got)
	}
	if got := string(rep.Stats.Responses); got != `{"200":21,"401":3}` {
		t.Errorf("sip_responses = %s", got)
	}
	if got := rep.Stats.Dereg; got["user"] != 1 || len(got) != 4 {
		t.Errorf("deregistrations = %v", got)
	}
	u := rep.Users[0]
	for _, s := range []*string{u.Bindings[0].Registered, u.Bindings[0].Expires, u.Bindings[0].Ended} {
		if s == nil {
			t.Fatal("a time is null")
		}
		if at, err := time.Parse(time.RFC3339Nano, *s); err != nil || at.Location() != time.UTC {
			t.Errorf("%s: %v", *s, err)
		}
	}
	if u.Bindings[1].Registered != nil || u.Bindings[1].Ended != nil {
		t.Error("an unknown time is not null")
	}
	if v := u.Subs[0].Documents[1].Version; v == nil || *v != 3 {
		t.Errorf("version = %v", v)
	}
	if d := u.Dereg[0]; d.Duration != 84 || len(d.Frames) != 19 || *d.Evidence[0].Frame != 41 {
		t.Errorf("deregistration = %+v", d)
	}
}

func TestMillis(t *testing.T) {
	for ns, want := range map[int64]string{0: "0", 84_000_000: "84", 1_500_000: "1.5", 1_000_001: "1.000001", 30: "0.00003", -2_500_000: "-2.5"} {
		r := fixture.SeedUser()
		for u := range r.Users() {
			d := u.Deregistrations[0]
			d.Ended = d.Started + ns
		}
		if out := string(object(t, r)); !strings.Contains(out, `"duration_ms":`+want+`,`) {
			t.Errorf("%d ns: want %s", ns, want)
		}
	}
}

func TestNDJSON(t *testing.T) {
	types := map[string]int{}
	last := ""
	for line := range strings.Lines(string(lines(t, fixture.SeedUser()))) {
		var o struct {
			Type string
			User *string
		}
		if err := stdjson.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if o.Type != "stats" && (o.User == nil || *o.User != "sip:tobias@home1.fr") {
			t.Errorf("%s without its user", o.Type)
		}
		types[o.Type]++
		last = o.Type
	}
	if last != "stats" || types["event"] != 17 || types["document"] != 5 || types["deregistration"] != 1 || types["finding"] != 2 || types["stats"] != 1 {
		t.Errorf("last %s, %v", last, types)
	}
}

// TestUsersByLine: one user a line, so that reports compare line by line.
func TestUsersByLine(t *testing.T) {
	out := object(t, fixture.Crowd(2000))
	if !stdjson.Valid(out) {
		t.Fatal("not JSON")
	}
	n := 0
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, `{"id":"sip:`) {
			n++
		}
	}
	if n != 2000 {
		t.Errorf("%d lines of users", n)
	}
}

// harmless fails if the output holds what could harm a terminal or is no JSON.
func harmless(t *testing.T, out []byte) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Error("output is not UTF-8")
	}
	for _, r := range string(out) {
		if r != '\n' && render.Unsafe(r) {
			t.Fatalf("output holds %U", r)
		}
	}
}

func hostile(t *testing.T, evil string) {
	out := object(t, fixture.Hostile(evil))
	harmless(t, out)
	var rep struct {
		Users []struct{ ID string }
	}
	if err := stdjson.Unmarshal(out, &rep); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := strings.ToValidUTF8(evil, ""); utf8.ValidString(evil) && rep.Users[0].ID != want {
		t.Errorf("%q came back as %q", want, rep.Users[0].ID)
	}
	nd := lines(t, fixture.Hostile(evil))
	harmless(t, nd)
	for line := range bytes.Lines(nd) {
		if !stdjson.Valid(line) {
			t.Fatalf("not JSON: %s", line)
		}
	}
}

func TestHostile(t *testing.T) {
	for _, evil := range fixture.Evils() {
		hostile(t, evil)
	}
}

func FuzzHostile(f *testing.F) {
	for _, evil := range fixture.Evils() {
		f.Add(evil)
	}
	f.Fuzz(hostile)
}

func FuzzString(f *testing.F) {
	for _, evil := range fixture.Evils() {
		f.Add(evil)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := stdjson.Unmarshal(json.AppendString(nil, s), &back); err != nil {
			t.Fatal(err)
		}
		if want := string([]rune(s)); back != want { // one U+FFFD for each bad byte
			t.Errorf("%q came back as %q", want, back)
		}
	})
}

// failing fails after n bytes.
type failing struct{ n int }

func (w *failing) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	if err := json.New(render.Options{}).Render(&failing{100_000}, fixture.Crowd(1000)); err != io.ErrClosedPipe {
		t.Errorf("object: %v", err)
	}
	if err := json.NewLines(render.Options{}).Render(&failing{100_000}, fixture.Crowd(1000)); err != io.ErrClosedPipe {
		t.Errorf("lines: %v", err)
	}
}

func BenchmarkObject(b *testing.B) {
	r := fixture.SeedUser()
	b.ReportAllocs()
	b.SetBytes(int64(len(object(b, r))))
	j := json.New(render.Options{})
	for b.Loop() {
		if err := j.Render(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
