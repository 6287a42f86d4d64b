package network

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

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
		{name: "last byte alone", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:10])
			s.seg(110, ack, a[10:])
		}, want: []string{"3.0 alpha [2 3]"}},
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
		{name: "RST of somebody else", run: func(s *streamTest) {
			s.seg(9999, FlagSYN, "")
			s.seg(10000, ack, a[:9])
			s.seg(9000, FlagRST, "")
			s.seg(1<<31, FlagRST|FlagFIN, "")
			s.seg(10009, ack, a[9:])
		}, want: []string{"5.0 alpha [2 5]"}},
		{name: "segments of somebody else", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a[:9])
			s.seg(1<<30, ack|FlagFIN, "xyz")
			s.seg(109, ack, a[9:]+b[:3])
			s.seg(1<<30, ack, "xyz")
			s.seg(100+na+3, ack, b[3:])
		}, want: []string{"4.0 alpha [2 4]", "6.0 beta [4 6]"}},
		{name: "another connection far away, in the middle of a message", run: func(s *streamTest) {
			s.seg(99, FlagSYN, "")
			s.seg(100, ack, a)
			s.seg(1<<30, ack, "the end")
			s.seg(1<<30+7, ack, b)
		}, want: []string{"2.0 alpha [2]", "4.0 beta [4]"}},
		{name: "first two segments swapped", run: func(s *streamTest) {
			s.seg(109, ack, a[9:])
			s.seg(100, ack, a[:9])
			s.seg(100+na, ack, b)
		}, want: []string{"2.0 alp [2] incomplete", "3.0 beta [3]"}, check: func(s *StreamStats) bool { return s.Gaps == 1 && s.Incomplete == 1 }},
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
