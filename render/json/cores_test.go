package json_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render"
	"imscope/render/json"
	"imscope/samples/gen"
)

// TestCores: the same bytes on any number of cores, of every sample and of a capture of many users, who are read,
// told and judged out of order.
func TestCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	load := filepath.Join(t.TempDir(), "load.pcap")
	f, err := os.Create(load)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gen.Load(f, gen.LoadConfig{Users: 700}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("../../samples/*.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	real, err := filepath.Glob("../../samples/real/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 || len(real) == 0 {
		t.Fatal("no samples")
	}
	for _, path := range append(append(paths, real...), load) {
		var want []byte
		for _, cores := range []int{1, 2, 3, 8} {
			runtime.GOMAXPROCS(cores)
			for name, got := range map[string][]byte{"judged before": analyzed(t, path, true), "judged while written": analyzed(t, path, false)} {
				if want == nil {
					want = got
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s: %d cores, %s: other bytes than on one", filepath.Base(path), cores, name)
				}
			}
		}
	}
}

func analyzed(t *testing.T, path string, judge bool) []byte {
	set, err := capture.Open(t.Context(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	e := correlate.NewEngine(correlate.Options{})
	st, err := decode.Run(t.Context(), set, decode.Options{Digest: e.Digester, Check: true}, func(r *decode.Record) error { e.Observe(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	rep := e.CloseUnjudged(set.Files(), st)
	if judge {
		rep.Judge()
	}
	var b bytes.Buffer
	if err := json.New(render.Options{}).Render(&b, rep); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
