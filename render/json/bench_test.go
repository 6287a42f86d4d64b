package json

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"testing"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/samples"
	"imscope/samples/gen"
)

// analyzed gives the report of a capture file.
func analyzed(t testing.TB, path string) *correlate.Report {
	t.Helper()
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
	return e.Close(set.Files(), st)
}

// sample gives the report of a sample.
func sample(t testing.TB, s samples.Sample) *correlate.Report {
	t.Helper()
	data, err := samples.FS.ReadFile(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), s.File())
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return analyzed(t, path)
}

// load gives the report of a generated capture.
func load(t testing.TB, users int) *correlate.Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "load.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if _, err := gen.Load(w, gen.LoadConfig{Users: users}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return analyzed(t, path)
}

func benchmark(b *testing.B, rep *correlate.Report, encode func(*encoder, *story.User)) {
	var e encoder
	var users []*story.User
	for u := range rep.Users() {
		users = append(users, u)
		encode(&e, u)
	}
	b.SetBytes(int64(len(e.b) / len(users)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.b = e.b[:0]
		encode(&e, users[i%len(users)])
	}
}

// BenchmarkUser is the encoding of one user: of a generated capture, whose users are few enough to stay in the
// cache as one that was just told does, and of a sample.
func BenchmarkUser(b *testing.B) {
	b.Run("load", func(b *testing.B) { benchmark(b, load(b, 32), (*encoder).user) })
	b.Run("sample", func(b *testing.B) { benchmark(b, sample(b, samples.List()[0]), (*encoder).user) })
}

// BenchmarkLines is the same as objects, one a line.
func BenchmarkLines(b *testing.B) {
	b.Run("load", func(b *testing.B) { benchmark(b, load(b, 32), (*encoder).lines) })
	b.Run("sample", func(b *testing.B) { benchmark(b, sample(b, samples.List()[0]), (*encoder).lines) })
}
