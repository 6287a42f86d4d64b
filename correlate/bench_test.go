package correlate

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"testing"

	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/samples/gen"
)

// load writes a generated capture of some users, 14.5 messages each, and returns its path and size.
func load(b testing.TB, users int) (path string, messages, size int64) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "load.pcap")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	st, err := gen.Load(w, gen.LoadConfig{Users: users})
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return path, int64(st.SIPMessages), info.Size()
}

func analyze(b testing.TB, path string) *Report {
	b.Helper()
	_, r := analyzed(b, path)
	return r
}

func analyzed(b testing.TB, path string) (*Engine, *Report) {
	b.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer set.Close()
	e := NewEngine(Options{})
	st, err := decode.Run(context.Background(), set, decode.Options{Digest: e.Digester}, func(r *decode.Record) error { e.Observe(r); return nil })
	if err != nil {
		b.Fatal(err)
	}
	return e, e.Close(set.Files(), st)
}

// BenchmarkAnalyze is the whole of an analysis of 100,000 messages but its output.
func BenchmarkAnalyze(b *testing.B) {
	path, messages, size := load(b, 6900)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if n := analyze(b, path).Stats.SIPMessages; int64(n) != messages {
			b.Fatalf("%d messages, %d were written", n, messages)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(messages), "ns/message")
}

// BenchmarkObserve is the engine alone: records to facts and users.
func BenchmarkObserve(b *testing.B) {
	path, messages, _ := load(b, 2000)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
		if err != nil {
			b.Fatal(err)
		}
		e := NewEngine(Options{})
		if _, err := decode.Run(context.Background(), set, decode.Options{Workers: 1}, func(r *decode.Record) error {
			b.StartTimer()
			e.Observe(r)
			b.StopTimer()
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		set.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(messages), "ns/message")
}

// BenchmarkTell is the story of one user with a registration, a subscription and a de-registration.
func BenchmarkTell(b *testing.B) {
	path, _, _ := load(b, 16)
	r := analyze(b, path)
	var u *story.User
	d := new(desk)
	b.ReportAllocs()
	for b.Loop() {
		u, _ = r.tell(0, d)
	}
	if len(u.Deregistrations) != 1 {
		b.Fatalf("%d de-registrations", len(u.Deregistrations))
	}
}

// BenchmarkStream is a Stream of 100,000 messages, told as it goes.
func BenchmarkStream(b *testing.B) {
	path, messages, size := load(b, 6900)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		s := NewStream(Options{}, func(Emission) {})
		run(b, path, s.Observe)
		s.Finish(nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(messages), "ns/message")
}
