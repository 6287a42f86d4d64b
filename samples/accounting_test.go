package samples

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
)

// Every packet of every sample is accounted for, and so it is when the file is damaged at random: nothing is skipped in
// silence, and nothing is counted twice.
func TestAccounting(t *testing.T) {
	check := func(t *testing.T, data []byte) {
		t.Helper()
		r := capture.NewReader(bytes.NewReader(data), "x")
		defer r.Close()
		st, err := decode.Run(t.Context(), r, decode.Options{}, func(*decode.Record) error { return nil })
		if err != nil && !errors.Is(err, io.EOF) {
			if _, ok := errors.AsType[*capture.Error](err); !ok {
				t.Fatal(err)
			}
		}
		sum := st.Signalling
		parts := fmt.Sprint("signalling ", st.Signalling)
		for class, n := range st.Other {
			sum += n
			parts += fmt.Sprintf(", %s %d", class, n)
		}
		for reason, u := range st.Undecodable {
			sum += u.Packets
			parts += fmt.Sprintf(", %s %d", reason, u.Packets)
			if u.Packets == 0 || u.Frame == 0 || u.Title == "" {
				t.Errorf("%s: %+v", reason, u)
			}
		}
		if files := r.Files(); sum != st.Packets || len(files) != 1 || files[0].Packets != st.Packets {
			t.Errorf("%d packets of %d: %s; file %d", sum, st.Packets, parts, files[0].Packets)
		}
		if st.Other["unknown"] > 0 {
			t.Error("a class without a name")
		}
	}
	rounds := 60
	if testing.Short() {
		rounds = 5
	}
	for _, s := range List() {
		t.Run(s.Name, func(t *testing.T) {
			data, err := FS.ReadFile(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, data)
			for seed := range uint64(rounds) {
				r := rand.New(rand.NewPCG(seed, 8))
				bad := bytes.Clone(data)
				for range 1 + r.IntN(60) {
					bad[24+r.IntN(len(bad)-24)] ^= byte(1 + r.IntN(255))
				}
				if r.IntN(3) == 0 {
					bad = bad[:24+r.IntN(len(bad)-24)]
				}
				check(t, bad)
			}
		})
	}
}
