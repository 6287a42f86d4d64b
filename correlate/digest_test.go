package correlate

import (
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
)

// TestForeignDigest: what another engine's reader made of a message is not taken.
func TestForeignDigest(t *testing.T) {
	path, _, _ := load(t, 4)
	one, _ := analyzed(t, path)
	set, err := capture.Open(t.Context(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	e := NewEngine(Options{})
	st, err := decode.Run(t.Context(), set, decode.Options{Digest: one.Digester}, func(r *decode.Record) error { e.Observe(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if r := e.Close(set.Files(), st); r.Len() != 4 {
		t.Errorf("%d users, want 4", r.Len())
	}
}
