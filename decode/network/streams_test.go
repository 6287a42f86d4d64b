package network

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// toy is a protocol of the tests: "MSG", a blank, the length of the body, a line feed, the body.
var toy = &Protocol{
	Name:   "toy",
	Start:  func(b []byte) bool { _, _, ok := toyHead(b); return ok },
	Maybe:  func(b []byte) bool { return toyMaybe(b) },
	Frame:  toyFrame,
	Resync: func(b []byte) int { return toyResync(b) },
	Blind:  true,
	Tail: func(b []byte) int {
		if i := bytes.LastIndexByte(b, 'M'); i >= 0 && len(b)-i < 10 {
			return len(b) - i
		}
		return 0
	},
	Filler: func(b []byte) int { return lineEnds(b) },
	Usable: func(b []byte) bool { _, _, ok := toyHead(b); return ok },
	Lines:  true,
}

func toyHead(b []byte) (head, body int, ok bool) {
	i := bytes.IndexByte(b[:min(len(b), 10)], '\n')
	if i < 5 || string(b[:4]) != "MSG " {
		return 0, 0, false
	}
	n, err := strconv.Atoi(string(b[4:i]))
	return i + 1, n, err == nil && n >= 0
}

func toyMaybe(b []byte) bool {
	if len(b) < 4 {
		return strings.HasPrefix("MSG ", string(b))
	}
	return len(b) < 10 && string(b[:4]) == "MSG " && bytes.IndexByte(b, '\n') < 0
}

func toyFrame(b []byte) (n, need int, err error) {
	head, body, ok := toyHead(b)
	switch {
	case ok && head+body <= len(b):
		return head + body, 0, nil
	case ok:
		return 0, head + body - len(b), nil
	case toyMaybe(b):
		return 0, 1, nil
	}
	return 0, 0, errors.New("no message")
}

func toyResync(b []byte) int {
	for i := 1; i < len(b); i++ {
		if _, _, ok := toyHead(b[i:]); ok {
			return i
		}
	}
	return -1
}

func toyMessage(body string) string { return fmt.Sprintf("MSG %d\n%s", len(body), body) }

// streamTest feeds Streams and writes down what comes out.
type streamTest struct {
	*Streams
	got     []string // "frame.sub body frames"
	signal  uint32
	other   map[Class]uint32
	packets uint32
	frame   uint32
}

func newStreamTest(l StreamLimits) *streamTest {
	s := &streamTest{Streams: NewStreams(l, toy), other: map[Class]uint32{}}
	s.Deliver = func(m *Message) {
		head, _, _ := toyHead(m.Data)
		text := fmt.Sprintf("%d.%d %s %v", m.Origin.Frame, m.Sub, m.Data[head:], m.Frames)
		if m.Incomplete {
			text += " incomplete"
		}
		if m.Overlap {
			text += " overlap"
		}
		s.got = append(s.got, text)
	}
	s.Count = func(n uint32, signalling bool, c Class) {
		if signalling {
			s.signal += n
		} else {
			s.other[c] += n
		}
	}
	return s
}

// seg is a segment from alice to bob in the next frame, at the millisecond of its number.
func (s *streamTest) seg(seq uint32, flags uint8, payload string) { s.segAt(seq, flags, payload, 0) }

func (s *streamTest) segAt(seq uint32, flags uint8, payload string, delay time.Duration) {
	s.add(&Packet{
		Kind: Segment, Proto: TCP, Weight: 1, Src: alice4, Dst: bob4, Payload: []byte(payload),
		TCP: TCPInfo{Seq: seq, Flags: flags, Len: uint32(len(payload))},
	}, delay)
}

// ack is an acknowledgement from bob to alice.
func (s *streamTest) ack(ack uint32, delay time.Duration) {
	s.add(&Packet{
		Kind: Segment, Proto: TCP, Weight: 1, Src: bob4, Dst: alice4, TCP: TCPInfo{Seq: 1, Ack: ack, Flags: FlagACK},
	}, delay)
}

func (s *streamTest) add(p *Packet, delay time.Duration) {
	s.frame++
	s.packets += p.Weight
	o := at(s.frame)
	o.Time += int64(delay)
	s.Add(p, o)
}

func (s *streamTest) total() uint32 {
	n := s.signal
	for _, c := range s.other {
		n += c
	}
	return n
}

func TestStreams(t *testing.T) {
	a, b, c := toyMessage("alpha"), toyMessage("beta"), toyMessage("gamma")
	na, nb := uint32(len(a)), uint32(len(b))
	const ack = FlagACK
	cases := []struct {
		name  string
		run   func(s *streamTest)
		want  []string // before Flush
		flush []string // by Flush
		check func(s *StreamStats) bool
	}{
		{name: "one message in one segment", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a)
		}, want: []string{"2.0 alpha [2]"}},
		{name: "several messages in one segment", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a+b+c)
		}, want: []string{"2.0 alpha [2]", "2.1 beta [2]", "2.2 gamma [2]"}},
		{name: "one message over many segments", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			for i := range na {
				s.seg(100+i, ack, a[i:i+1])
			}
		}, want: []string{"12.0 alpha [2 3 4 5 6 7 8 9 10 11 12]"}},
		{name: "end and beginning in one segment", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:7])
			s.seg(107, ack, a[7:]+b+c[:3])
			s.seg(107+uint32(len(a[7:]+b))+3, ack, c[3:])
		}, want: []string{"3.0 alpha [2 3]", "3.1 beta [3]", "4.0 gamma [3 4]"}},
		{name: "sequence numbers wrap", run: func(s *streamTest) {
			s.seg(0xfffffffa, FlagSYN, "")
			s.seg(0xfffffffb, ack, a[:8])
			s.seg(3, ack, a[8:]+b)
		}, want: []string{"3.0 alpha [2 3]", "3.1 beta [3]"}},
		{name: "data with the SYN", run: func(s *streamTest) {
			s.seg(99, FlagSYN, a)
		}, want: []string{"1.0 alpha [1]"}},
		{name: "mid-stream start at a message", run: func(s *streamTest) {
			s.seg(100, ack, a)
		}, want: []string{"1.0 alpha [1]"}},
		{name: "mid-stream start within a message", run: func(s *streamTest) {
			s.seg(100, ack, "half of a message\n"+a)
		}, want: []string{"1.0 alpha [1]"}},
		{name: "mid-stream start before a cut message", run: func(s *streamTest) {
			s.seg(100, ack, "rest\n"+a[:3])
			s.seg(108, ack, a[3:])
		}, want: []string{"2.0 alpha [1 2]"}},
		{name: "keep-alives between messages", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, "\r\n\r\n")
			s.seg(104, ack, "\r\n"+a)
			s.seg(106+na, ack, "\r\n")
		}, want: []string{"3.0 alpha [3]"}},
		{name: "segments swapped", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(105, ack, a[5:])
			s.seg(100, ack, a[:5])
		}, want: []string{"3.0 alpha [2 3]"}, check: func(s *StreamStats) bool { return s.OutOfOrder == 1 }},
		{name: "message behind a late segment keeps its frame", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100+na, ack, b)
			s.seg(100, ack, a)
		}, want: []string{"3.0 alpha [3]", "2.0 beta [2]"}},
		{name: "retransmission", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a)
			s.seg(100, ack, a)
			s.seg(100+na, ack, b)
		}, want: []string{"2.0 alpha [2]", "4.0 beta [4]"}, check: func(s *StreamStats) bool { return s.Retransmissions == 1 }},
		{name: "retransmission with more", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:6])
			s.seg(100, ack, a+b)
		}, want: []string{"3.0 alpha [2 3]", "3.1 beta [3]"}},
		{name: "retransmission of a waiting segment", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(105, ack, a[5:])
			s.seg(105, ack, a[5:])
			s.seg(100, ack, a)
		}, want: []string{"4.0 alpha [2 4]"}, check: func(s *StreamStats) bool { return s.Retransmissions == 1 }},
		{name: "different bytes, first copy wins", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:9])
			s.seg(107, ack, "XX"+a[9:])
			s.seg(100+na, ack, b)
		}, want: []string{"3.0 alpha [2 3] overlap", "4.0 beta [4]"}, check: func(s *StreamStats) bool { return s.Contradictions == 1 }},
		{name: "different bytes in waiting segments, first copy wins", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(107, ack, a[7:9])
			s.seg(106, ack, a[6:7]+"XX"+a[9:])
			s.seg(100, ack, a[:6])
		}, want: []string{"4.0 alpha [2 3 4] overlap"}},
		{name: "keep-alive probe", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a+b[:4])
			s.seg(103+na, ack, "\x00")
			s.seg(104+na, ack, b[4:])
		}, want: []string{"2.0 alpha [2]", "4.0 beta [2 4]"}, check: func(s *StreamStats) bool { return s.Contradictions == 0 }},
		{name: "gap, nothing after it", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:9])
			s.seg(100+na, ack, b)
		}, flush: []string{"2.0 alp [2] incomplete", "3.0 beta [3]"},
			check: func(s *StreamStats) bool { return s.Gaps == 1 && s.GapBytes == 2 && s.Incomplete == 1 }},
		{name: "gap that the peer acknowledged", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:9])
			s.seg(100+na, ack, b)
			s.ack(100+na+nb, 0)
			s.ack(100+na+nb, 200*time.Millisecond)
		}, want: []string{"2.0 alp [2] incomplete", "3.0 beta [3]"}},
		{name: "gap that the peer did not acknowledge", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100+na, ack, b)
			s.ack(100, 0)
			s.ack(100, 200*time.Millisecond)
			s.seg(100, ack, a)
		}, want: []string{"5.0 alpha [5]", "2.0 beta [2]"}},
		{name: "gap for too long", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100+na, ack, b)
			s.segAt(100+na+nb, ack, c, 11*time.Second)
		}, want: []string{"2.0 beta [2]", "3.0 gamma [3]"}},
		{name: "gap in the middle of a message, resynchronised", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:3])
			s.seg(100+na-2, ack, "ha"+b)
		}, flush: []string{"3.0 beta [3]"}},
		{name: "FIN with data", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack|FlagFIN, a)
		}, want: []string{"2.0 alpha [2]"}},
		{name: "FIN in the middle of a message", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack|FlagFIN, a[:9])
		}, want: []string{"2.0 alp [2] incomplete"}},
		{name: "FIN before the last segment", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100+na, ack|FlagFIN, "")
			s.seg(100, ack, a)
		}, want: []string{"3.0 alpha [3]"}},
		{name: "retransmission after FIN", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack|FlagFIN, a)
			s.seg(100, ack|FlagFIN, a)
		}, want: []string{"2.0 alpha [2]"}},
		{name: "RST", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:9])
			s.seg(109, FlagRST, "")
		}, want: []string{"2.0 alp [2] incomplete"}},
		{name: "ports used again", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a)
			s.seg(5000, FlagSYN, "")
			s.seg(5001, ack, b)
		}, want: []string{"2.0 alpha [2]", "4.0 beta [4]"}},
		{name: "ports used again, lower sequence numbers", run: func(s *streamTest) {
			s.seg(5000, FlagSYN, "")
			s.seg(5001, ack, a)
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, b)
		}, want: []string{"2.0 alpha [2]", "4.0 beta [4]"}},
		{name: "SYN twice", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:5])
			s.seg(99, FlagSYN, "")
			s.seg(105, ack, a[5:])
		}, want: []string{"4.0 alpha [2 4]"}},
		{name: "SYN after the data", run: func(s *streamTest) {
			s.seg(100, ack, a[:5])
			s.seg(99, FlagSYN, "")
			s.seg(105, ack, a[5:])
		}, want: []string{"3.0 alpha [1 3]"}},
		{name: "garbage between messages", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a+"garbage"+b)
		}, want: []string{"2.0 alpha [2]", "2.1 beta [2]"},
			check: func(s *StreamStats) bool { return s.Resyncs == 1 && s.SkippedBytes == 7 }},
		{name: "segment cut by the capture", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.add(&Packet{
				Kind: Segment, Weight: 1, Src: alice4, Dst: bob4, Payload: []byte(a[:8]),
				TCP: TCPInfo{Seq: 100, Flags: ack, Len: na},
			}, 0)
			s.seg(100+na, ack, b)
		}, want: []string{"2.0 al [2] incomplete", "3.0 beta [3]"}},
		{name: "another connection far away", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a)
			s.seg(100+(1<<30), ack, b)
		}, want: []string{"2.0 alpha [2]", "3.0 beta [3]"}},
		{name: "segment in fragments", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.frame += 2
			s.add(&Packet{
				Kind: Segment, Weight: 3, Src: alice4, Dst: bob4, Payload: []byte(a), Frames: []uint32{2, 3, 4},
				TCP: TCPInfo{Seq: 100, Flags: ack, Len: na},
			}, 0)
		}, want: []string{"4.0 alpha [2 3 4]"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStreamTest(StreamLimits{})
			c.run(s)
			if !slices.Equal(s.got, c.want) {
				t.Fatalf("got %q, want %q", s.got, c.want)
			}
			s.got = nil
			s.Flush()
			if !slices.Equal(s.got, c.flush) {
				t.Errorf("flushed %q, want %q", s.got, c.flush)
			}
			if c.check != nil && !c.check(&s.Stats) {
				t.Errorf("counts %+v", s.Stats)
			}
			s.idle(t)
		})
	}
}

// idle checks that nothing is held and everything was counted.
func (s *streamTest) idle(t *testing.T) {
	t.Helper()
	if s.total() != s.packets {
		t.Errorf("%d packets counted, %d added", s.total(), s.packets)
	}
	if s.bytes != 0 || len(s.index) != 0 || s.holding.first >= 0 || s.waiting.first >= 0 || s.age.first >= 0 {
		t.Errorf("%d bytes, %d directions left", s.bytes, len(s.index))
	}
}

func TestStreamsClasses(t *testing.T) {
	s := newStreamTest(StreamLimits{})
	s.seg(99, FlagSYN, "")                        // tcp-control
	s.seg(100, FlagACK, "M")                      // open
	s.seg(101, FlagACK, "SG 3\nabc")              // signalling, and so is the one before
	s.seg(109, FlagACK, "\r\n")                   // keep-alive
	s.seg(110, FlagACK, "\x00")                   // probe
	s.seg(111, FlagACK, "")                       // tcp-control
	s.ack(111, 0)                                 // tcp-control
	s.seg(7000, FlagSYN, "")                      // tcp-control, another connection
	s.seg(7001, FlagACK, "GET / HTTP/1.1\r\n")    // tcp-data
	s.seg(7017, FlagACK, "MS")                    // open
	s.seg(7019, FlagACK, "x and so on and so on") // tcp-data, and so is the one before
	s.seg(9000, FlagSYN, "")                      // tcp-control
	s.seg(9001, FlagACK, "\x16\x03\x01\x02\x00")  // tls
	s.Flush()
	want := map[Class]uint32{ClassTCP: 5, ClassKeepAlive: 2, ClassTCPData: 3, ClassTLS: 1}
	if s.signal != 2 || fmt.Sprint(s.other) != fmt.Sprint(want) {
		t.Errorf("signalling %d, other %v, want %v", s.signal, s.other, want)
	}
}

func TestStreamsLimits(t *testing.T) {
	long := toyMessage(strings.Repeat("x", 9000))
	t.Run("streams", func(t *testing.T) {
		s := newStreamTest(StreamLimits{Streams: 3})
		for i := range uint16(10) {
			p := &Packet{Kind: Segment, Weight: 1, Src: alice4, Dst: bob4, Payload: []byte("MSG 9\nabc"), TCP: TCPInfo{Len: 9}}
			p.ports(1000+i, 5060)
			s.add(p, 0)
			if len(s.index) > 3 {
				t.Fatalf("%d directions", len(s.index))
			}
		}
		if s.Stats.Evicted != 7 || s.Stats.Incomplete != 7 {
			t.Errorf("%+v", s.Stats)
		}
		s.Flush()
		s.idle(t)
	})
	t.Run("bytes", func(t *testing.T) {
		s := newStreamTest(StreamLimits{Bytes: 64 << 10})
		for i := range uint16(100) {
			p := &Packet{Kind: Segment, Weight: 1, Src: alice4, Dst: bob4, Payload: []byte(long[:4000]), TCP: TCPInfo{Len: 4000}}
			p.ports(1000+i, 5060)
			s.add(p, 0)
			if s.bytes > 64<<10 {
				t.Fatalf("%d bytes", s.bytes)
			}
		}
		if s.Stats.Evicted == 0 {
			t.Errorf("%+v", s.Stats)
		}
		s.Flush()
		s.idle(t)
	})
	t.Run("bytes out of order", func(t *testing.T) {
		s := newStreamTest(StreamLimits{StreamBytes: 8 << 10})
		s.seg(99, FlagSYN, "")
		for i := range uint32(20) {
			s.seg(200+i*1000, FlagACK, string(make([]byte, 999))) // a hole before each
		}
		if s.Stats.Gaps == 0 || s.bytes > 32<<10 {
			t.Errorf("%d bytes, %+v", s.bytes, s.Stats)
		}
		s.Flush()
		s.idle(t)
	})
	t.Run("message too long", func(t *testing.T) {
		s := newStreamTest(StreamLimits{StreamBytes: 4 << 10})
		s.seg(99, FlagSYN, "")
		seq := uint32(100)
		for i := 0; i < len(long); i += 100 {
			part := long[i:min(i+100, len(long))]
			s.seg(seq, FlagACK, part)
			seq += uint32(len(part))
		}
		s.seg(seq, FlagACK, toyMessage("after"))
		if len(s.got) != 1 || !strings.Contains(s.got[0], "after") {
			t.Errorf("got %q", s.got)
		}
		s.Flush()
		s.idle(t)
	})
	t.Run("idle", func(t *testing.T) {
		s := newStreamTest(StreamLimits{Idle: time.Second})
		s.seg(99, FlagSYN, "")
		s.seg(100, FlagACK, "MSG 9\nabc")
		s.add(&Packet{Kind: Segment, Weight: 1, Src: bob4, Dst: alice4, TCP: TCPInfo{Flags: FlagSYN}}, 2*time.Second)
		if len(s.index) != 1 || len(s.got) != 1 || s.bytes != 0 {
			t.Errorf("%d directions, %d bytes, got %q", len(s.index), s.bytes, s.got)
		}
	})
	t.Run("marks", func(t *testing.T) {
		s := newStreamTest(StreamLimits{})
		s.seg(99, FlagSYN, "")
		for i := range len(long) {
			s.seg(100+uint32(i), FlagACK, long[i:i+1])
		}
		if len(s.got) != 1 || !strings.HasPrefix(s.got[0], "9010.0 ") || len(s.msg.Frames) > maxFrames {
			t.Errorf("%d messages, %d frames", len(s.got), len(s.msg.Frames))
		}
		s.Flush()
		s.idle(t)
	})
}

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
