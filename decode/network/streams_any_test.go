package network

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// Any segmentation, duplication and bounded reordering of a byte stream gives the same messages, each attributed to
// the frame that brought its last byte to be seen.
func TestStreamsAnySegmentation(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 7))
		var stream, want []string
		for i := range 1 + r.IntN(12) {
			body := strings.Repeat(string(rune('a'+i)), 1+r.IntN(300))
			stream = append(stream, toyMessage(body), strings.Repeat("\r\n", r.IntN(2)))
			want = append(want, body)
		}
		text := strings.Join(stream, "")
		isn := r.Uint32()
		s := newStreamTest(StreamLimits{})
		var bodies []string
		covered := make([]uint32, len(text)) // frame that first brought each byte
		s.Deliver = func(m *Message) {
			head, _, _ := toyHead(m.Data)
			bodies = append(bodies, string(m.Data[head:]))
			from := strings.Index(text, string(m.Data))
			last := slices.Max(covered[from : from+len(m.Data)])
			if m.Origin.Frame != last || m.Incomplete || m.Overlap {
				t.Errorf("seed %d: message of frame %d attributed to %d", seed, last, m.Origin.Frame)
			}
			if want := isn + 1 + uint32(from); m.Seq != want {
				t.Errorf("seed %d: message at %d, want %d", seed, m.Seq, want)
			}
			for _, f := range covered[from : from+len(m.Data)] {
				if !slices.Contains(m.Frames, f) {
					t.Errorf("seed %d: frame %d is missing in %v", seed, f, m.Frames)
				}
			}
		}
		type part struct{ from, to int }
		var parts []part
		for from := 0; from < len(text); {
			to := min(len(text), from+1+r.IntN(80))
			parts = append(parts, part{from, to})
			for r.IntN(5) == 0 { // again, and overlapping its neighbours
				parts = append(parts, part{max(0, from-r.IntN(20)), min(len(text), to+r.IntN(20))})
			}
			from = to
		}
		for range len(parts) / 2 {
			i := r.IntN(len(parts))
			k := min(len(parts)-1, i+r.IntN(6))
			parts[i], parts[k] = parts[k], parts[i]
		}
		s.seg(isn, FlagSYN, "")
		for _, p := range parts {
			for i := p.from; i < p.to; i++ {
				if covered[i] == 0 {
					covered[i] = s.frame + 1
				}
			}
			s.seg(isn+1+uint32(p.from), FlagACK, text[p.from:p.to])
		}
		if !slices.Equal(bodies, want) {
			t.Fatalf("seed %d: %d messages, want %d", seed, len(bodies), len(want))
		}
		s.Flush()
		s.idle(t)
	}
}

func TestStreamsAllocs(t *testing.T) {
	s := newStreamTest(StreamLimits{})
	n := 0
	s.Deliver = func(*Message) { n++ }
	m := []byte(toyMessage(strings.Repeat("x", 1000)))
	p := &Packet{Kind: Segment, Weight: 1, Src: alice4, Dst: bob4}
	seq := uint32(100)
	feed := func(b []byte) {
		p.Payload, p.TCP = b, TCPInfo{Seq: seq, Len: uint32(len(b)), Flags: FlagACK}
		seq += uint32(len(b))
		s.Add(p, at(1))
	}
	got := testing.AllocsPerRun(100, func() {
		feed(m)
		feed(m[:300])
		feed(m[300:])
	})
	if got != 0 || n != 202 {
		t.Errorf("%v allocations, %d messages", got, n)
	}
}

// FuzzStream feeds arbitrary segments: everything is counted once, memory stays below its limit, nothing is left.
func FuzzStream(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x10\x00\x0bMSG 5\nalpha\x10\x0b\x04MSG "))
	f.Add([]byte("\x10\x05\x06\x05\nalpha\x10\x00\x05MSG 5\x11\x0b\x00"))
	f.Fuzz(func(t *testing.T, script []byte) {
		limits := StreamLimits{Streams: 4, StreamBytes: 1 << 10, Bytes: 4 << 10}
		s := newStreamTest(limits)
		for len(script) >= 3 {
			flags, seq, n := script[0], uint32(script[1])*uint32(1+script[0]>>7), min(int(script[2]), len(script)-3)
			payload := script[3 : 3+n]
			script = script[3+n:]
			p := &Packet{
				Kind: Segment, Weight: 1, Src: alice4, Dst: bob4, Payload: payload,
				TCP: TCPInfo{Seq: 0xffffff80 + seq, Ack: 0xffffff80 + seq, Flags: flags & 0x1f, Len: uint32(n)},
			}
			if flags&0x20 != 0 {
				p.Src, p.Dst = p.Dst, p.Src
			}
			if flags&0x40 != 0 {
				p.TCP.Len += 3
			}
			s.add(p, time.Duration(flags>>6)*time.Second)
			if s.bytes > limits.Bytes {
				t.Fatalf("%d bytes held", s.bytes)
			}
		}
		s.Flush()
		s.idle(t)
	})
}

func BenchmarkStreams(b *testing.B) {
	s := newStreamTest(StreamLimits{})
	s.Deliver = func(*Message) {}
	m := []byte(toyMessage(strings.Repeat("x", 1000)))
	p := &Packet{Kind: Segment, Weight: 1, Src: alice4, Dst: bob4, Payload: m}
	seq := uint32(100)
	b.ReportAllocs()
	b.SetBytes(int64(len(m)))
	for b.Loop() {
		p.TCP = TCPInfo{Seq: seq, Len: uint32(len(m)), Flags: FlagACK}
		seq += uint32(len(m))
		s.Add(p, at(1))
	}
}
