package correlate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"

	"imscope/decode"
	"imscope/decode/sip"
)

// TestIndex holds an index against a map and a list, over the highest number.
func TestIndex(t *testing.T) {
	type born struct {
		key  uint64
		time int64
	}
	for _, first := range []uint32{0, math.MaxUint32 - 2*pageEntries + 1} {
		rnd := rand.New(rand.NewPCG(1, 2))
		x := newIndex[uint64, int64](func(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 })
		x.first, x.oldest, x.next = first, first, first
		values, queue := map[uint64]int64{}, []born(nil)
		now := int64(0)
		check := func(step int) {
			t.Helper()
			if x.len() != len(queue) || int(x.next-x.oldest) != len(queue) {
				t.Fatalf("step %d: %d in the table, %d entries, want %d", step, x.len(), x.next-x.oldest, len(queue))
			}
			i := 0
			for v := range x.all {
				if *v != values[queue[i].key] {
					t.Fatalf("step %d: value %d at %d, want %d", step, *v, i, values[queue[i].key])
				}
				i++
			}
			for k, want := range values {
				if v := x.get(k); v == nil || *v != want {
					t.Fatalf("step %d: key %d has %v, want %d", step, k, v, want)
				}
			}
			if want := (len(queue) + 2*pageEntries - 2) / pageEntries; len(x.pages) > want+1 {
				t.Fatalf("step %d: %d pages for %d entries", step, len(x.pages), len(queue))
			}
		}
		for step := range 20000 {
			now += rnd.Int64N(keep / 400)
			k := rnd.Uint64()
			if x.get(k) != nil {
				t.Fatalf("step %d: a key that was never put has a value", step)
			}
			if got := x.put(k, now, now); *got != now {
				t.Fatalf("step %d: put %d, got %d", step, now, *got)
			}
			values[k], queue = now, append(queue, born{k, now})
			for len(queue) > 0 && now-queue[0].time > keep {
				delete(values, queue[0].key)
				queue = queue[1:]
			}
			if step%1000 == 999 {
				over := func(key uint64) bool { return key%3 == 0 }
				x.drop(func(e *entry[uint64, int64]) bool { return over(e.key) })
				left := queue[:0]
				for _, b := range queue {
					if over(b.key) {
						delete(values, b.key)
						continue
					}
					left = append(left, b)
				}
				queue = left
			}
			if step%499 == 0 || step%1000 == 999 {
				check(step)
			}
		}
		if first != 0 && x.next > first {
			t.Error("the numbers did not go over the highest one")
		}
	}
}

// TestIndexFull drops the oldest where there is no room, and counts it.
func TestIndexFull(t *testing.T) {
	x := newIndex[uint64, struct{}](func(key uint64) uint64 { return key << 32 })
	for k := range uint64(maxOpen + 10) {
		x.put(k, struct{}{}, int64(k))
	}
	if x.len() != maxOpen || x.evicted != 10 {
		t.Errorf("%d entries, %d evicted, want %d and 10", x.len(), x.evicted, maxOpen)
	}
	if x.get(9) != nil || x.get(10) == nil {
		t.Error("others than the oldest were dropped")
	}
}

// TestPassing: what is nobody's is there for as long as its transaction is, however much passes by.
func TestPassing(t *testing.T) {
	e := NewEngine(Options{})
	frame := uint32(0)
	observe := func(n int, text string) {
		var m sip.Message
		head := fmt.Sprintf("Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK%d\r\nFrom: <sip:a@h>;tag=%d\r\nTo: <sip:b@h>\r\nCall-ID: %d\r\nCSeq: 1 OPTIONS\r\n\r\n", n, n, n)
		if err := m.Parse([]byte(text + "\r\n" + head)); err != nil {
			t.Fatal(err)
		}
		frame++
		e.Observe(&decode.Record{Frame: frame, Frames: []uint32{frame}, Time: int64(frame) * int64(keep) / (8 * forgetEvery), SIP: &m,
			Src: netip.MustParseAddrPort("10.0.0.1:5060"), Dst: netip.MustParseAddrPort("10.0.0.2:5060")})
	}
	for n := range 4 * forgetEvery {
		observe(n, "OPTIONS sip:b@h SIP/2.0")
	}
	for n := range 4 * forgetEvery {
		observe(n, "OPTIONS sip:b@h SIP/2.0") // once more: its earlier hops are looked at
	}
	if e.counts.repeats != 4*forgetEvery || e.counts.unique != 4*forgetEvery {
		t.Errorf("%d requests, %d of them again, want %d and as many again", e.counts.unique, e.counts.repeats, 4*forgetEvery)
	}
}
