package network

import (
	"net/netip"
	"slices"
	"time"
)

// AssociationLimits bounds what Associations holds. The zero value of a field stands for its default.
type AssociationLimits struct {
	Idle         time.Duration // capture time after which a silent direction is forgotten
	Associations int           // directions of associations
	Bytes        int           // of fragments that wait for others, in all associations
}

const (
	// defaultAssociations: Diameter peers keep few associations for long; SIP over SCTP is used between servers.
	defaultAssociations = 1 << 13
	// defaultChunkBytes is 16 messages of the largest size.
	defaultChunkBytes = 16 << 20
	// maxChunks is how many fragments of one direction wait: a message of 1 MiB in packets of an Ethernet.
	maxChunks = 1024
	// tsnWindow is how far back a TSN is known to have been seen: more than a sender may have outstanding.
	tsnWindow = 2048
	// maxTSNJump is how far a TSN may be from the highest before it must belong to another association.
	maxTSNJump = 1 << 20
)

// Payload protocol identifiers (IANA, SCTP payload protocol identifiers).
const (
	ppidNone     = 0 // SIP uses none (RFC 4168 5)
	ppidDiameter = 46
)

// AssociationStats counts what Associations did.
type AssociationStats struct {
	Chunks     uint64 // DATA and I-DATA chunks that may belong to a message
	Duplicates uint64 // chunks whose TSN was seen before
	Incomplete uint64 // fragments of messages that never became complete
	Damaged    uint64 // packets with a chunk that contradicts itself
	Evicted    uint64 // directions or fragments given up because of a limit
}

// Associations puts the fragments of SCTP messages together (RFC 9260 6.9, RFC 8260 2). An association is known by its
// ports and verification tag, because its addresses may change (multihoming). It copies what it keeps.
type Associations struct {
	// Deliver is called for each message.
	Deliver func(*Message)
	// Count is called once for each packet given to Add.
	Count func(packets uint32, signalling bool, c Class)
	Stats AssociationStats

	limits    AssociationLimits
	protocols []*Protocol
	index     map[associationKey]int32
	slots     []association
	free      []int32
	age       order
	bytes     int
	scratch   []byte
	msg       Message
	sub       uint16 // of the next message of the packet at hand
	late      uint16 // of the next message that is given up
}

// associationKey names one direction of an association.
type associationKey struct {
	src, dst uint16
	vtag     uint32
}

// ends are where a packet came from and went to.
type ends struct {
	src, dst netip.AddrPort
	path     Path
}

type association struct {
	key    associationKey
	ends   ends // of the last packet
	last   int64
	top    int64             // highest TSN seen, unwrapped; 0 before the first
	seen   [tsnWindow]bool   // by TSN modulo the window
	chunks []fragmentOfChunk // waiting, ordered by group and seq
}

// fragmentOfChunk is a fragment of a message. Those of one message have the same group and consecutive seq.
type fragmentOfChunk struct {
	group uint64
	seq   int64
	dataChunk
	origin  Origin
	frames  []uint32
	overlap bool
}

// NewAssociations returns Associations that look for the protocols.
func NewAssociations(l AssociationLimits, protocols ...*Protocol) *Associations {
	if l.Idle <= 0 {
		l.Idle = defaultIdle
	}
	if l.Associations <= 0 {
		l.Associations = defaultAssociations
	}
	if l.Bytes <= 0 {
		l.Bytes = defaultChunkBytes
	}
	return &Associations{limits: l, protocols: protocols, index: map[associationKey]int32{}, age: newOrder()}
}

// Add takes a packet of kind Chunks that was captured at o, and delivers the messages it completes.
func (s *Associations) Add(p *Packet, o Origin) {
	s.Expire(o.Time)
	s.sub = 0
	signalling := false
	var c dataChunk
	for b := p.Payload; ; {
		var ok bool
		b, ok = c.next(b)
		if !ok {
			if len(b) > 0 && !p.Truncated {
				s.Stats.Damaged++
			}
			break
		}
		if c.kind != chunkNone && s.chunk(&c, p, o) {
			signalling = true
		}
	}
	s.Count(p.Weight, signalling, ClassSCTP)
}

// Expire forgets directions that were silent for too long at the capture time now.
func (s *Associations) Expire(now int64) {
	for s.age.first >= 0 && now-s.slots[s.age.first].last > int64(s.limits.Idle) {
		s.close(s.age.first)
	}
}

// Flush forgets everything.
func (s *Associations) Flush() {
	for s.age.first >= 0 {
		s.close(s.age.first)
	}
}

// chunk takes one DATA or I-DATA chunk and reports whether it is signalling.
func (s *Associations) chunk(c *dataChunk, p *Packet, o Origin) bool {
	key := associationKey{p.Src.Port(), p.Dst.Port(), p.VTag}
	i, known := s.index[key]
	var pr *Protocol
	if c.begin {
		pr = s.start(c.data)
	}
	switch {
	case c.begin && c.end:
		if pr == nil {
			return false
		}
	case pr == nil && c.ppid != ppidNone && c.ppid != ppidDiameter && (!known || !s.slots[i].expects(c)):
		return false
	}
	if !known {
		i = s.open(key)
	}
	s.Stats.Chunks++
	s.age.push(i)
	a := &s.slots[i]
	a.last, a.ends = o.Time, ends{p.Src, p.Dst, p.Path}
	for len(a.chunks) > 0 && o.Time-a.chunks[0].origin.Time > gapTimeout {
		s.giveUp(a)
	}
	tsn, fresh := a.take(c.tsn)
	if !fresh {
		s.Stats.Duplicates++
		return true
	}
	if c.begin && c.end {
		s.msg.Frames = s.msg.Frames[:0]
		s.frames(o, p.Frames)
		s.deliver(pr, c.data, a, o, s.sub, c.cut, p.Overlap)
		s.sub++
		return true
	}
	f := fragmentOfChunk{seq: tsn, dataChunk: *c, origin: o, frames: slices.Clone(p.Frames), overlap: p.Overlap}
	if c.kind == chunkIData {
		f.group, f.seq = c.group(), int64(c.fsn)
	}
	f.data = slices.Clone(c.data)
	s.bytes += len(f.data)
	k, found := slices.BinarySearchFunc(a.chunks, &f, func(q fragmentOfChunk, f *fragmentOfChunk) int { return q.compare(f) })
	if found { // an I-DATA fragment under another TSN
		s.bytes -= len(f.data)
		s.Stats.Duplicates++
		return true
	}
	a.chunks = slices.Insert(a.chunks, k, f)
	s.assemble(a, k)
	s.limit(i)
	return true
}

// assemble delivers the message that the fragment at index k completes, or cannot complete because the capture cut it.
func (s *Associations) assemble(a *association, k int) {
	lo := k
	for !a.chunks[lo].begin {
		if lo == 0 || !a.chunks[lo-1].precedes(&a.chunks[lo]) {
			return
		}
		lo--
	}
	hi := a.run(lo)
	switch last := &a.chunks[hi-1]; {
	case last.cut:
		s.Stats.Incomplete += uint64(hi - lo)
		s.join(a, lo, hi, s.sub, true)
	case last.end:
		s.join(a, lo, hi, s.sub, false)
	default:
		return
	}
	s.sub++
}

// run returns the end of the fragments that begin at index lo and have no hole between them.
func (a *association) run(lo int) int {
	hi := lo + 1
	for hi < len(a.chunks) && a.chunks[hi-1].precedes(&a.chunks[hi]) {
		hi++
	}
	return hi
}

// join takes out the fragments [lo, hi) and delivers what they are together, if they begin a message.
func (s *Associations) join(a *association, lo, hi int, sub uint16, incomplete bool) {
	s.scratch, s.msg.Frames = s.scratch[:0], s.msg.Frames[:0]
	begins, overlap, last := a.chunks[lo].begin, false, a.chunks[lo].origin
	for n := lo; n < hi; n++ {
		f := &a.chunks[n]
		s.scratch = append(s.scratch, f.data...)
		s.bytes -= len(f.data)
		s.frames(f.origin, f.frames)
		overlap = overlap || f.overlap
		if f.origin.Frame > last.Frame {
			last = f.origin
		}
	}
	a.chunks = slices.Delete(a.chunks, lo, hi)
	if !begins {
		return
	}
	if pr := s.start(s.scratch); pr != nil {
		s.deliver(pr, s.scratch, a, last, sub, incomplete, overlap)
	}
}

func (s *Associations) frames(o Origin, frames []uint32) {
	if len(frames) == 0 {
		s.msg.Frames = addFrame(s.msg.Frames, o.Frame)
	}
	for _, f := range frames {
		s.msg.Frames = addFrame(s.msg.Frames, f)
	}
}

func (s *Associations) deliver(pr *Protocol, b []byte, a *association, o Origin, sub uint16, incomplete, overlap bool) {
	m := &s.msg
	*m = Message{
		Protocol: pr, Data: b, Src: a.ends.src, Dst: a.ends.dst, Path: a.ends.path, Origin: o, Frames: m.Frames, Sub: sub,
		Incomplete: incomplete, Overlap: overlap,
	}
	s.Deliver(m)
}

// limit gives up the oldest fragments while there are too many.
func (s *Associations) limit(i int32) {
	a := &s.slots[i]
	for len(a.chunks) > maxChunks {
		s.Stats.Evicted++
		s.giveUp(a)
	}
	for s.bytes > s.limits.Bytes && s.age.first >= 0 {
		s.Stats.Evicted++
		s.close(s.age.first)
	}
}

// giveUp takes out the first waiting fragment of a direction, with those that follow it without a hole, and delivers
// what they begin.
func (s *Associations) giveUp(a *association) {
	const givenUp = 1 << 15 // a number that its frame has not given to another message
	n := a.run(0)
	s.Stats.Incomplete += uint64(n)
	s.join(a, 0, n, givenUp|s.late&(givenUp-1), true)
	s.late++
}

func (s *Associations) open(key associationKey) int32 {
	if len(s.index) >= s.limits.Associations {
		s.Stats.Evicted++
		s.close(s.age.first)
	}
	var i int32
	if n := len(s.free); n > 0 {
		i, s.free = s.free[n-1], s.free[:n-1]
	} else {
		i = int32(len(s.slots))
		s.slots = append(s.slots, association{})
	}
	s.slots[i] = association{key: key, chunks: s.slots[i].chunks[:0]}
	s.index[key] = i
	return i
}

func (s *Associations) close(i int32) {
	a := &s.slots[i]
	for len(a.chunks) > 0 {
		s.giveUp(a)
	}
	delete(s.index, a.key)
	s.age.remove(i)
	s.free = append(s.free, i)
}

func (s *Associations) start(b []byte) *Protocol {
	for _, pr := range s.protocols {
		if pr.Start(b) {
			return pr
		}
	}
	return nil
}

// expects reports whether fragments with the same stream and payload protocol are waiting for others.
func (a *association) expects(c *dataChunk) bool {
	for k := range a.chunks {
		if a.chunks[k].sid == c.sid && a.chunks[k].ppid == c.ppid {
			return true
		}
	}
	return false
}

// take notes that a TSN was seen and returns it unwrapped. fresh is false if it had been seen before.
func (a *association) take(tsn uint32) (t int64, fresh bool) {
	if a.top == 0 {
		a.top = int64(tsn) + 1<<32
		a.seen[uint64(a.top)%tsnWindow] = true
		return a.top, true
	}
	t = a.top + int64(int32(tsn-uint32(a.top)))
	switch d := t - a.top; {
	case d > maxTSNJump, d < -maxTSNJump:
		clear(a.seen[:])
		a.top = t
	case d > 0:
		for n := max(a.top+1, t-tsnWindow+1); n < t; n++ {
			a.seen[uint64(n)%tsnWindow] = false
		}
		a.top = t
	case d <= -tsnWindow || a.seen[uint64(t)%tsnWindow]:
		return t, false
	}
	a.seen[uint64(t)%tsnWindow] = true
	return t, true
}

func (f *fragmentOfChunk) compare(g *fragmentOfChunk) int {
	switch {
	case f.group < g.group, f.group == g.group && f.seq < g.seq:
		return -1
	case f.group == g.group && f.seq == g.seq:
		return 0
	}
	return 1
}

// precedes reports whether g is the next fragment of the same message.
func (f *fragmentOfChunk) precedes(g *fragmentOfChunk) bool {
	return f.group == g.group && f.seq+1 == g.seq && !f.end && !f.cut && !g.begin &&
		f.sid == g.sid && f.unordered == g.unordered && (f.unordered || f.ssn == g.ssn)
}
