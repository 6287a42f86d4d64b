package capture

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/iotest"
)

// damageable gives a capture of each format that can be read on behind damage, and where its records start.
func damageable(n int) map[string]func() ([]byte, []int) {
	return map[string]func() ([]byte, []int){
		"pcap": func() ([]byte, []int) {
			f := plainPcap(0)
			var starts []int
			for i := range n {
				starts = append(starts, f.Len())
				f.packet(1_700_000_000+uint32(i), uint32(i*7919%1_000_000), payload(i))
			}
			return f.Bytes(), starts
		},
		"pcapng": func() ([]byte, []int) {
			f := plainNg(0)
			var starts []int
			for i := range n {
				starts = append(starts, f.Len())
				f.packet(0, (1_700_000_000+uint64(i))*1_000_000+uint64(i*7919%1_000_000), payload(i))
			}
			return f.Bytes(), starts
		},
	}
}

// Whatever is written over one record header, at most that packet and the one before it, whose end it may
// seem to change, are lost.
func TestDamagedHeaders(t *testing.T) {
	const n = 12
	for name, file := range damageable(n) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			whole, starts := file()
			for k, at := range starts {
				for round := range 50 {
					data := slices.Clone(whole)
					for i := range pcapRecordHeader {
						switch {
						case round == 0:
							data[at+i] = 0
						case round == 1:
							data[at+i] = 0xff
						default:
							data[at+i] = byte(rng.Uint32())
						}
					}
					list, fi, err := readAll(t, data)
					if err != nil {
						t.Fatal(err)
					}
					if len(fi.Warnings) == 0 && fi.Skipped.Blocks == 0 {
						t.Fatalf("record %d, round %d: nothing told", k, round)
					}
					for i := range n {
						ok := slices.ContainsFunc(list, func(g got) bool { return g.Data == payload(i) })
						if !ok && i != k {
							t.Fatalf("record %d, round %d: packet %d is lost: %v", k, round, i, fi.Warnings)
						}
					}
				}
			}
		})
	}
}

// What is delivered from a damaged capture does not depend on how the buffers fall.
func TestDamageWhateverTheBuffers(t *testing.T) {
	for name, file := range damageable(1500) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 6))
			whole, _ := file()
			for round := range 12 {
				data := slices.Clone(whole)
				for range 1 + round*3 {
					at, n := rng.IntN(len(data)), 1+rng.IntN(40)
					if round%3 == 0 {
						n *= 200
					}
					for i := at; i < min(at+n, len(data)); i++ {
						data[i] = byte(rng.Uint32() >> (rng.Uint32() % 32))
					}
				}
				want, info, err := readAll(t, data)
				if err != nil && len(want) > 0 {
					t.Fatal(err)
				}
				for _, size := range []int{64, 1000, 4096} {
					r := newReader(plainInput{iotest.HalfReader(bytes.NewReader(data)), nil}, true, "test", Options{}, newPool(size))
					list, _ := drain(t, r)
					if !slices.Equal(list, want) || !reflect.DeepEqual(r.Files()[0], info) {
						t.Fatalf("round %d, buffers of %d: %d packets, want %d\n%+v\n%+v", round, size, len(list), len(want), r.Files()[0], info)
					}
				}
				// Each place costs the packets it touches, and one or two more where it hits a header.
				least := 1500 - (1+round*3)*4
				if round%3 == 0 {
					least = max(0, 1500-(1+round*3)*200)
				}
				if len(want) < least {
					t.Errorf("round %d: %d packets left, want %d", round, len(want), least)
				}
			}
		})
	}
}
