package network

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
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
	Filler:  func(b []byte) int { return lineEnds(b) },
	Headed:  func(b []byte) bool { _, _, ok := toyHead(b); return ok },
	Partial: func(b []byte) bool { _, _, ok := toyHead(b); return ok },
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
