package network

import (
	"net/netip"
	"time"
)

// StreamLimits bounds what Streams holds. The zero value of a field stands for its default.
type StreamLimits struct {
	Idle        time.Duration // capture time after which a silent direction is forgotten
	Streams     int           // directions of connections
	StreamBytes int           // buffered bytes of one direction
	Bytes       int           // buffered bytes of all directions
}

const (
	// defaultIdle outlasts the keep-alive interval of any SIP client (RFC 5626 4.4.1: 16 minutes at the very most),
	// so that a quiet connection of a registered phone is not forgotten.
	defaultIdle = 20 * time.Minute
	// defaultStreams is a P-CSCF with 32,000 phones on TCP, at some 600 bytes per direction.
	defaultStreams = 1 << 16
	// defaultStreamBytes holds the largest message that framing accepts: 64 KiB of header fields, 1 MiB of body.
	defaultStreamBytes = 64<<10 + 1<<20 + 64<<10
	// defaultStreamsBytes is 60 such messages, or 64 KiB out of order on each of 1,000 directions.
	defaultStreamsBytes = 64 << 20
	// gapTimeout is how long later segments wait for a missing one. Retransmission timers start at 200 ms and
	// double; after 10 s a segment has been sent six times.
	gapTimeout = int64(10 * time.Second)
	// ackGrace is how long later segments wait for a missing one that the peer has acknowledged: it was on the
	// wire, so it is lost to the capture unless the capture has it out of order.
	ackGrace = int64(100 * time.Millisecond)
	// maxHeld is how many segments of one direction wait behind a missing one: the usual maximum window of 64 KiB
	// in segments of 64 bytes.
	maxHeld = 1024
	// maxJump is how far a segment may be from what is expected before it must belong to another connection: beyond
	// any window in use.
	maxJump = 16 << 20
	// lateSYN is how far behind the first segment seen the SYN of the same connection can be.
	lateSYN = 64 << 10
)

// StreamStats counts what Streams did.
type StreamStats struct {
	Segments        uint64 // with payload
	Retransmissions uint64 // segments that brought nothing new
	OutOfOrder      uint64 // segments that had to wait for an earlier one
	Contradictions  uint64 // segments whose bytes differ from the copy seen first
	Gaps            uint64 // places where bytes are missing for good
	GapBytes        uint64
	Incomplete      uint64 // messages that a gap or the end of the connection cut
	Resyncs         uint64 // places where a message should begin and did not
	SkippedBytes    uint64 // bytes passed over in search of the next message of a signalling connection
	LateTLS         uint64 // TLS connections whose beginning is not in the capture
	Evicted         uint64 // directions given up because of a limit
}

// Streams puts the segments of TCP connections in order, per direction, and cuts messages out of them. What a
// connection carries is found by content. It copies what it keeps.
type Streams struct {
	// Deliver is called for each message.
	Deliver func(*Message)
	// Count is called with the number of packets for which it became clear whether they are signalling, and
	// with their class if they are not. Every packet given to Add is counted once, at the latest by Flush.
	Count func(packets uint32, signalling bool, c Class)
	Stats StreamStats

	limits    StreamLimits
	protocols []*Protocol
	index     map[flowKey]int32
	slots     streamTable
	free      []int32
	age       order // by last segment
	holding   order // the streams that have buffers, by last use
	waiting   order // the streams with a hole, by the time it opened
	bytes     int
	spare     [][]byte
	marks     [][]mark // spare ones
	msg       Message
}

// flowKey names one direction of a connection on one link.
type flowKey struct {
	src, dst         [16]byte
	path             Path
	srcPort, dstPort uint16
}

func keyOf(p *Packet) flowKey {
	return flowKey{p.Src.Addr().As16(), p.Dst.Addr().As16(), p.Path.flow(), p.Src.Port(), p.Dst.Port()}
}

func (k flowKey) reverse() flowKey {
	k.src, k.dst, k.srcPort, k.dstPort = k.dst, k.src, k.dstPort, k.srcPort
	return k
}

// mode says what is known of the content of a direction.
type mode uint8

const (
	fresh   mode = iota // connection seen from its SYN, first bytes outstanding
	search              // looking for the beginning of a message
	framing             // at or in a message of stream.proto
	opaque              // given up: only a segment that begins with a message changes that
)

// stream is one direction of a connection. Sequence numbers are unwrapped to 64 bits.
type stream struct {
	key      flowKey
	src, dst netip.AddrPort
	path     Path
	proto    *Protocol // nil while unknown
	mode     mode
	syn      bool // isn is valid
	clash    bool // a contradiction was seen in the bytes of the current message
	carries  bool // a Carrier that brought signalling
	tls      bool // TLS, known to stay closed
	lateTLS  bool // TLS whose beginning was not captured
	strayed  bool // the last segment was far off, at stray
	stray    uint32
	isn      uint32 // sequence number of the SYN
	next     int64  // sequence number expected next
	fin      int64  // sequence number of the end; 0 while unknown
	acked    int64  // acknowledged by the peer beyond a hole; valid iff ackedAt is not 0
	ackedAt  int64
	last     int64 // time of the last segment
	buf      []byte
	want     int // framing is useless before buf is as long
	scanned  int // bytes of buf in which no empty line begins; 0 while that does not matter
	retry    int // length of buf at which framing is tried without an empty line
	searched int // bytes passed over since the last message
	marks    []mark
	held     []heldSegment // beyond next, ascending, without overlap
	heldSize int
	pending  uint32 // packets whose class is not known yet
}

// mark says which frame brought the bytes [from, to).
type mark struct {
	from, to int64
	origin   Origin
	frames   []uint32 // all frames if there are several, else nil
	done     uint16   // messages attributed to this frame
}

// heldSegment is a segment that came before its predecessor.
type heldSegment struct {
	at     int64
	data   []byte
	lost   uint32 // bytes behind data that the capture cut
	origin Origin
	frames []uint32
}

// NewStreams returns Streams that look for the protocols, in this order.
func NewStreams(l StreamLimits, protocols ...*Protocol) *Streams {
	if l.Idle <= 0 {
		l.Idle = defaultIdle
	}
	if l.Streams <= 0 {
		l.Streams = defaultStreams
	}
	if l.StreamBytes <= 0 {
		l.StreamBytes = defaultStreamBytes
	}
	if l.Bytes <= 0 {
		l.Bytes = defaultStreamsBytes
	}
	return &Streams{
		limits: l, protocols: protocols, index: map[flowKey]int32{},
		age: newOrder(), holding: newOrder(), waiting: newOrder(),
	}
}

// Add takes a packet of kind Segment that was captured at o, and delivers the messages it completes.
func (s *Streams) Add(p *Packet, o Origin) {
	s.Expire(o.Time)
	if p.TCP.Flags&FlagACK != 0 && s.waiting.first >= 0 {
		s.acknowledge(p, o)
	}
	seq, syn := p.TCP.Seq, p.TCP.Flags&FlagSYN != 0
	key := keyOf(p)
	i, known := s.index[key]
	if !known {
		if p.TCP.Len == 0 && !syn {
			s.Count(p.Weight, false, ClassTCP)
			return
		}
		i = s.open(key, p)
	}
	s.age.push(i)
	f := s.slots.at(i)
	f.last, f.path = o.Time, p.Path
	if syn {
		s.synchronise(i, seq)
		seq++
	} else if !known {
		f.next = int64(seq) + 1<<32
	}
	if p.TCP.Len > 0 {
		s.Stats.Segments++
		s.receive(i, seq, p, o)
	} else {
		s.Count(p.Weight, false, ClassTCP)
	}
	s.finish(i, p, seq)
	s.tidy(i)
	for s.bytes > s.limits.Bytes && s.holding.first >= 0 {
		s.Stats.Evicted++
		s.abandon(s.holding.first)
	}
}

// Expire forgets directions that were silent for too long at the capture time now, and gives up waiting for
// segments that are overdue.
func (s *Streams) Expire(now int64) {
	for i := s.waiting.first; i >= 0; i = s.waiting.first {
		f := s.slots.at(i)
		if age := now - f.held[0].origin.Time; age <= gapTimeout && !(f.overdue(now)) {
			break
		}
		s.skip(i)
	}
	for s.age.first >= 0 && now-s.slots.at(s.age.first).last > int64(s.limits.Idle) {
		s.close(s.age.first)
	}
}

// Flush delivers what can be delivered at the end of the capture and forgets everything.
func (s *Streams) Flush() {
	for s.age.first >= 0 {
		s.close(s.age.first)
	}
}

func (s *Streams) open(key flowKey, p *Packet) int32 {
	if len(s.index) >= s.limits.Streams {
		s.Stats.Evicted++
		s.close(s.age.first)
	}
	var i int32
	if n := len(s.free); n > 0 {
		i, s.free = s.free[n-1], s.free[:n-1]
	} else {
		i = s.slots.add()
	}
	f := s.slots.at(i)
	*f = stream{key: key, src: p.Src, dst: p.Dst, mode: search, held: f.held[:0]}
	s.index[key] = i
	return i
}

// synchronise takes a SYN: the beginning of this connection, or of another one between the same ports.
func (s *Streams) synchronise(i int32, seq uint32) {
	f := s.slots.at(i)
	if f.syn && f.isn == seq {
		return
	}
	if first := f.unwrap(seq + 1); !f.syn && f.next != 0 && first <= f.next && f.next-first <= lateSYN {
		f.syn, f.isn = true, seq
		return
	}
	if f.next != 0 {
		s.abandon(i)
	}
	*f = stream{
		key: f.key, src: f.src, dst: f.dst, path: f.path, last: f.last, marks: f.marks[:0], held: f.held[:0],
		mode: fresh, syn: true, isn: seq, next: int64(seq+1) + 1<<32,
	}
}

// finish looks at FIN and RST: what is not complete by then will not become so. Neither can be where the connection was
// before (RFC 5961 3): then somebody else sent it.
func (s *Streams) finish(i int32, p *Packet, seq uint32) {
	f := s.slots.at(i)
	if at := f.unwrap(seq + p.TCP.Len); at >= f.next && f.within(at) {
		switch {
		case p.TCP.Flags&FlagRST != 0:
			s.abandon(i)
			return
		case p.TCP.Flags&FlagFIN != 0:
			f.fin = at
		}
	}
	if f.fin != 0 && f.next >= f.fin && len(f.held) == 0 {
		s.abandon(i)
		f.fin = 0
	}
}

// close ends a direction: it is delivered as far as possible and forgotten.
func (s *Streams) close(i int32) {
	s.abandon(i)
	delete(s.index, s.slots.at(i).key)
	s.age.remove(i)
	s.free = append(s.free, i)
}

// abandon gives up all that is incomplete in a direction, after delivering what stands behind its holes, and frees its
// buffers. The direction stays known, so that old segments are recognised.
func (s *Streams) abandon(i int32) {
	for len(s.slots.at(i).held) > 0 {
		s.skip(i)
	}
	f := s.slots.at(i)
	s.cutOff(f)
	s.settle(f, f.signalling())
	if f.mode == framing {
		f.mode = search
	}
	s.release(i)
}

// settle counts the packets whose class was open.
func (s *Streams) settle(f *stream, signalling bool) {
	if f.pending > 0 {
		c := ClassTCPData
		if f.tls || f.proto != nil && f.proto.Carrier {
			c = ClassTLS
		}
		s.Count(f.pending, signalling, c)
		f.pending = 0
	}
}

// signalling reports whether a direction carries signalling, as far as it is known.
func (f *stream) signalling() bool { return f.proto != nil && (!f.proto.Carrier || f.carries) }

// unwrap returns the 64-bit sequence number nearest to what is expected.
func (f *stream) unwrap(seq uint32) int64 { return f.next + int64(int32(seq-uint32(f.next))) }
