package network

import (
	"strings"
	"testing"
	"time"
)

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
