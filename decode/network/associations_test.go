package network

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// data is a DATA chunk with padding.
func data(flags byte, tsn uint32, sid, ssn uint16, ppid uint32, payload string) []byte {
	b := join([]byte{0, flags}, u16(uint16(16+len(payload))), u32(tsn), u16(sid), u16(ssn), u32(ppid), []byte(payload))
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

// idata is an I-DATA chunk with padding; last is the PPID or the FSN.
func idata(flags byte, tsn uint32, sid uint16, mid, last uint32, payload string) []byte {
	b := join([]byte{64, flags}, u16(uint16(20+len(payload))), u32(tsn), u16(sid), u16(0), u32(mid), u32(last), []byte(payload))
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

// sctpTest feeds Associations and writes down what comes out.
type sctpTest struct {
	*Associations
	got    []string // "frame.sub text frames"
	signal uint32
	other  uint32
	frame  uint32
}

func newSCTPTest(l AssociationLimits) *sctpTest {
	pr := &Protocol{Name: "toy", Start: func(b []byte) bool { return len(b) > 1 && b[0] == 'M' && b[1] == 'S' }}
	s := &sctpTest{Associations: NewAssociations(l, pr)}
	s.Deliver = func(m *Message) {
		text := fmt.Sprintf("%d.%d %s %v", m.Origin.Frame, m.Sub, m.Data, m.Frames)
		if m.Incomplete {
			text += " incomplete"
		}
		s.got = append(s.got, text)
	}
	s.Count = func(n uint32, signalling bool, c Class) {
		if signalling {
			s.signal += n
		} else {
			s.other += n
		}
	}
	return s
}

// packet is a packet in the next frame with the tag and chunks.
func (s *sctpTest) packet(vtag uint32, chunks ...[]byte) { s.packetAt(vtag, 0, chunks...) }

func (s *sctpTest) packetAt(vtag uint32, delay time.Duration, chunks ...[]byte) {
	s.frame++
	o := at(s.frame)
	o.Time += int64(delay)
	s.Add(&Packet{Kind: Chunks, Weight: 1, Src: alice4, Dst: bob4, VTag: vtag, Payload: join(chunks...)}, o)
}

func TestAssociations(t *testing.T) {
	const (
		both  = 3
		begin = 2
		end   = 1
		unord = 4
		dia   = 46
	)
	sack := []byte{3, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	cases := []struct {
		name   string
		run    func(s *sctpTest)
		want   []string
		signal uint32
		check  func(s *AssociationStats) bool
	}{
		{name: "one message", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"))
		}, want: []string{"1.0 MSa [1]"}, signal: 1},
		{name: "bundled", run: func(s *sctpTest) {
			s.packet(1, sack, data(both, 10, 0, 0, dia, "MSa"), data(both, 11, 1, 0, 0, "MSbb"))
		}, want: []string{"1.0 MSa [1]", "1.1 MSbb [1]"}, signal: 1},
		{name: "PPID 47 carries it too", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, 47, "MSa"))
		}, want: []string{"1.0 MSa [1]"}, signal: 1},
		{name: "other content", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, 18, "S1AP"), data(begin, 11, 0, 1, 3, "M3UA"))
			s.packet(1, sack)
		}},
		{name: "three fragments", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 2, 7, dia, "MSa"))
			s.packet(1, data(0, 11, 2, 7, dia, "bcd"))
			s.packet(1, data(end, 12, 2, 7, dia, "e"))
		}, want: []string{"3.0 MSabcde [1 2 3]"}, signal: 3},
		{name: "fragments out of order", run: func(s *sctpTest) {
			s.packet(1, data(end, 12, 2, 7, dia, "e"))
			s.packet(1, data(begin, 10, 2, 7, dia, "MSa"))
			s.packet(1, data(0, 11, 2, 7, dia, "bcd"))
		}, want: []string{"3.0 MSabcde [1 2 3]"}, signal: 3},
		{name: "fragments of a PPID that is not ours", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 2, 7, 99, "MSa"))
			s.packet(1, data(end, 11, 2, 7, 99, "b"))
		}, want: []string{"2.0 MSab [1 2]"}, signal: 2},
		{name: "end and beginning in one packet", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(end, 11, 0, 0, dia, "b"), data(begin, 12, 0, 1, dia, "MSc"))
			s.packet(1, data(end, 13, 0, 1, dia, "d"))
		}, want: []string{"2.0 MSab [1 2]", "3.0 MScd [2 3]"}, signal: 3},
		{name: "missing fragment", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(end, 12, 0, 0, dia, "c"))
		}, signal: 2},
		{name: "neighbours of two streams are not one message", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(end, 11, 1, 0, dia, "b"))
		}, signal: 2},
		{name: "retransmission", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"), data(both, 11, 0, 1, dia, "MSb"))
		}, want: []string{"1.0 MSa [1]", "2.0 MSb [2]"}, signal: 2, check: func(s *AssociationStats) bool { return s.Duplicates == 1 }},
		{name: "TSN wraps", run: func(s *sctpTest) {
			s.packet(1, data(begin, 0xffffffff, 0, 0, dia, "MSa"))
			s.packet(1, data(end, 0, 0, 0, dia, "b"))
			s.packet(1, data(both, 0xffffffff, 0, 0, dia, "MSx"))
		}, want: []string{"2.0 MSab [1 2]"}, signal: 3},
		{name: "unordered", run: func(s *sctpTest) {
			s.packet(1, data(begin|unord, 10, 0, 5, dia, "MSa"))
			s.packet(1, data(end|unord, 11, 0, 6, dia, "b"))
		}, want: []string{"2.0 MSab [1 2]"}, signal: 2},
		{name: "other tag, other association", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"))
			s.packet(2, data(both, 10, 0, 0, dia, "MSa"))
		}, want: []string{"1.0 MSa [1]", "2.0 MSa [2]"}, signal: 2},
		{name: "other addresses, same association", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 0, 0, dia, "MSa"))
			s.frame++
			p := &Packet{Kind: Chunks, Weight: 1, Src: alice6, Dst: bob6, VTag: 1, Payload: data(end, 11, 0, 0, dia, "b")}
			s.Add(p, at(s.frame))
		}, want: []string{"2.0 MSab [1 2]"}, signal: 2},
		{name: "I-DATA interleaved", run: func(s *sctpTest) {
			s.packet(1, idata(begin, 10, 0, 3, dia, "MSa"), idata(begin, 11, 1, 4, dia, "MSx"))
			s.packet(1, idata(0, 12, 0, 3, 1, "b"), idata(end, 13, 1, 4, 1, "y"))
			s.packet(1, idata(end, 14, 0, 3, 2, "c"))
		}, want: []string{"2.0 MSxy [1 2]", "3.0 MSabc [1 2 3]"}, signal: 3},
		{name: "I-DATA whole", run: func(s *sctpTest) {
			s.packet(1, idata(both, 10, 0, 3, dia, "MSa"))
		}, want: []string{"1.0 MSa [1]"}, signal: 1},
		{name: "chunk cut by the capture", run: func(s *sctpTest) {
			b := data(both, 10, 0, 0, dia, "MSabc")
			s.packet(1, b[:19])
		}, want: []string{"1.0 MSa [1] incomplete"}, signal: 1},
		{name: "fragment cut by the capture", run: func(s *sctpTest) {
			a, b := data(begin, 10, 0, 0, dia, "MSa"), data(0, 11, 0, 0, dia, "bcd")
			s.packet(1, a)
			s.packet(1, b[:18])
			s.packet(1, data(end, 12, 0, 0, dia, "e"))
		}, want: []string{"2.0 MSabc [1 2] incomplete"}, signal: 3, check: func(s *AssociationStats) bool { return s.Incomplete == 2 }},
		{name: "a fragment that never comes", run: func(s *sctpTest) {
			s.packet(1, data(begin, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(end, 12, 0, 0, dia, "c"))
			s.packetAt(1, 11*time.Second, data(both, 13, 0, 1, dia, "MSd"))
		}, want: []string{"1.32768 MSa [1] incomplete", "3.0 MSd [3]"}, signal: 3, check: func(s *AssociationStats) bool { return s.Incomplete == 2 }},
		{name: "chunk length zero", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"), []byte{0, 3, 0, 0, 1, 2, 3, 4}, data(both, 11, 0, 1, dia, "MSb"))
		}, want: []string{"1.0 MSa [1]"}, signal: 1, check: func(s *AssociationStats) bool { return s.Damaged == 1 }},
		{name: "another association after a jump", run: func(s *sctpTest) {
			s.packet(1, data(both, 10, 0, 0, dia, "MSa"))
			s.packet(1, data(both, 0x80000000, 0, 0, dia, "MSb"))
			s.packet(1, data(both, 10, 0, 0, dia, "MSc"))
		}, want: []string{"1.0 MSa [1]", "2.0 MSb [2]", "3.0 MSc [3]"}, signal: 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSCTPTest(AssociationLimits{})
			c.run(s)
			if !slices.Equal(s.got, c.want) {
				t.Errorf("got %q, want %q", s.got, c.want)
			}
			if s.signal != c.signal || s.signal+s.other != s.frame {
				t.Errorf("%d of %d packets signalling, %d other", s.signal, s.frame, s.other)
			}
			if c.check != nil && !c.check(&s.Stats) {
				t.Errorf("%+v", s.Stats)
			}
			s.idle(t)
		})
	}
}

func (s *sctpTest) idle(t *testing.T) {
	t.Helper()
	s.Flush()
	if s.bytes != 0 || len(s.index) != 0 || s.age.first >= 0 {
		t.Errorf("%d bytes, %d associations left", s.bytes, len(s.index))
	}
}

func TestAssociationsLimits(t *testing.T) {
	long := "MS" + strings.Repeat("x", 1000)
	t.Run("associations", func(t *testing.T) {
		s := newSCTPTest(AssociationLimits{Associations: 3})
		for i := range uint32(10) {
			s.packet(i, data(2, 10, 0, 0, 46, long))
		}
		if len(s.index) != 3 || s.Stats.Evicted != 7 || s.Stats.Incomplete != 7 {
			t.Errorf("%d, %+v", len(s.index), s.Stats)
		}
		s.idle(t)
	})
	t.Run("bytes", func(t *testing.T) {
		s := newSCTPTest(AssociationLimits{Bytes: 5000})
		for i := range uint32(20) {
			s.packet(i, data(2, 10, 0, 0, 46, long))
			if s.bytes > 5000 {
				t.Fatalf("%d bytes", s.bytes)
			}
		}
		s.idle(t)
	})
	t.Run("chunks", func(t *testing.T) {
		s := newSCTPTest(AssociationLimits{})
		for i := range uint32(maxChunks + 10) {
			s.packet(1, data(0, 10+2*i, 0, 0, 46, "x"))
		}
		if n := len(s.slots[0].chunks); n != maxChunks || s.Stats.Evicted != 10 {
			t.Errorf("%d chunks, %+v", n, s.Stats)
		}
		s.idle(t)
	})
	t.Run("idle", func(t *testing.T) {
		s := newSCTPTest(AssociationLimits{Idle: time.Second})
		s.packet(1, data(2, 10, 0, 0, 46, long))
		s.packetAt(2, 2*time.Second, data(2, 10, 0, 0, 46, long))
		if len(s.index) != 1 || s.Stats.Incomplete != 1 {
			t.Errorf("%d, %+v", len(s.index), s.Stats)
		}
		s.idle(t)
	})
}

// Whatever the fragmentation, bundling, order and duplication, each message comes out once.
func TestAssociationsAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		var chunks [][]byte
		var want []string
		tsn := r.Uint32()
		for i := range 1 + r.IntN(20) {
			text := fmt.Sprintf("MS%d%s", i, strings.Repeat("x", r.IntN(200)))
			want = append(want, text)
			interleaved, sid := seed%2 == 0, uint16(r.IntN(4))
			for off, n := 0, uint32(0); off < len(text); n++ {
				to := min(len(text), off+2+r.IntN(80))
				flags := byte(0)
				if off == 0 {
					flags |= 2
				}
				if to == len(text) {
					flags |= 1
				}
				if !interleaved {
					chunks = append(chunks, data(flags, tsn, sid, uint16(i), 46, text[off:to]))
				} else if off == 0 {
					chunks = append(chunks, idata(flags, tsn, sid, uint32(i), 46, text[:to]))
				} else {
					chunks = append(chunks, idata(flags, tsn, sid, uint32(i), n, text[off:to]))
				}
				tsn++
				off = to
			}
		}
		for range len(chunks) / 3 {
			i := r.IntN(len(chunks))
			k := min(len(chunks)-1, i+r.IntN(10))
			chunks[i], chunks[k] = chunks[k], chunks[i]
		}
		for range len(chunks) / 3 {
			chunks = append(chunks, chunks[r.IntN(len(chunks))])
		}
		s := newSCTPTest(AssociationLimits{})
		var got []string
		s.Deliver = func(m *Message) { got = append(got, string(m.Data)) }
		for len(chunks) > 0 {
			n := min(len(chunks), 1+r.IntN(4))
			s.packet(1, chunks[:n]...)
			chunks = chunks[n:]
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d messages, want %d", seed, len(got), len(want))
		}
		s.idle(t)
	}
}

// FuzzSCTP reads any bytes as packets of two associations.
func FuzzSCTP(f *testing.F) {
	f.Add(join(data(2, 10, 0, 0, 46, "MSa"), data(1, 11, 0, 0, 46, "b")), uint16(20))
	f.Add(join(idata(2, 10, 0, 1, 46, "MSa"), idata(1, 11, 0, 1, 1, "b")), uint16(24))
	f.Fuzz(func(t *testing.T, b []byte, step uint16) {
		s := newSCTPTest(AssociationLimits{Bytes: 1 << 10, Associations: 2})
		total := 0
		s.Deliver = func(m *Message) {
			if total += len(m.Data); len(m.Frames) == 0 || m.Frames[len(m.Frames)-1] != m.Origin.Frame {
				t.Fatalf("frames %v, origin %d", m.Frames, m.Origin.Frame)
			}
		}
		n := max(4, int(step))
		for i := 0; i < len(b) && s.frame < 1000; i += n {
			s.packet(uint32(i&1), b[i:min(len(b), i+n)])
			if s.bytes > 1<<10 {
				t.Fatalf("%d bytes held", s.bytes)
			}
		}
		if total > len(b) {
			t.Fatalf("%d bytes out of %d", total, len(b))
		}
		if s.signal+s.other != s.frame {
			t.Fatalf("%d packets counted of %d", s.signal+s.other, s.frame)
		}
		s.idle(t)
	})
}

func BenchmarkAssociations(b *testing.B) {
	s := newSCTPTest(AssociationLimits{})
	s.Deliver = func(*Message) {}
	c := data(3, 0, 0, 0, 46, "MS"+strings.Repeat("x", 600))
	p := &Packet{Kind: Chunks, Weight: 1, Src: alice4, Dst: bob4, VTag: 1, Payload: c}
	b.ReportAllocs()
	var tsn uint32
	for b.Loop() {
		tsn++
		copy(c[4:], u32(tsn))
		s.Add(p, at(1))
	}
}
