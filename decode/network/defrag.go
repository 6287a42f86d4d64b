package network

import (
	"bytes"
	"slices"
	"time"
)

// DefragLimits bounds what a Defragmenter holds. The zero value of a field stands for its default.
type DefragLimits struct {
	Timeout   time.Duration // of capture time, since the first fragment of a datagram
	Datagrams int           // incomplete datagrams
	Bytes     int           // of all incomplete datagrams
}

const (
	// defaultFragmentTimeout is far less than what RFC 8200 4.5 gives a receiver. Fragments of one datagram leave their
	// sender together: 64 KiB pass a link of 1 Mbit/s in half a second. Meanwhile the 16 bits of an IPv4
	// identification come round again, in 30 s at 2,000 packets a second, and would finish another datagram.
	defaultFragmentTimeout = 2 * time.Second
	// defaultDatagrams and defaultFragmentBytes: at 1,000 fragmented messages a second and one lost fragment in a
	// hundred, 2 s leave 20 incomplete datagrams of some KiB each. The rest is room for attacks.
	defaultDatagrams     = 4096
	defaultFragmentBytes = 16 << 20
	// maxPieces is how many separate ranges of one datagram are held. Fragments that arrive in order join to one
	// range, so this bounds the work of fragments of eight bytes sent in the worst order.
	maxPieces = 512
	// maxSpareBuffers is how many buffers are kept for the next datagrams.
	maxSpareBuffers = 16
)

// DefragStats counts what a Defragmenter did.
type DefragStats struct {
	Fragments  uint64 // fragments seen
	Complete   uint64 // datagrams completed
	Incomplete uint64 // datagrams given up: timed out, evicted, or unfinished at the end
	Evicted    uint64 // of these, given up because of a limit
	Overlaps   uint64 // fragments that contradicted earlier bytes; the first copy won
	Duplicates uint64 // fragments that brought nothing new
	Copies     uint64 // unfinished datagrams of which every fragment had been captured before
}

// Defragmenter puts IP fragments together (RFC 791 3.2, RFC 8200 4.5). Where fragments overlap, the bytes that came
// first win and contradictions are counted. It copies what it keeps.
type Defragmenter struct {
	// Drop is called for a datagram that is given up, with where its first and its last fragment were captured. The
	// packet is its beginning up to the first hole, for Walker.Resume, or undecodable if that is missing. It is borrowed.
	// Drop must not call the Defragmenter. May be nil.
	Drop func(p *Packet, first, last Origin)
	// Repeat is called instead for the rest of a datagram that was captured twice: nothing is missing. May be nil.
	Repeat func(packets int)
	Stats  DefragStats

	limits  DefragLimits
	index   map[fragmentKey]int32
	slots   []datagram
	free    []int32
	age     order // oldest datagram first
	echoes  order // those of which every fragment was captured before, oldest first
	seen    sightings
	bytes   int
	spare   [][]byte
	lent    [][]byte // buffers behind the payloads given out last
	frames  []uint32 // behind Packet.Frames given out last
	dropped Packet   // given to Drop
	scratch []byte
}

// fragmentKey says which fragments belong together. IPv6 fragments may differ in the next header, so proto is 0 there.
type fragmentKey struct {
	src, dst [16]byte
	path     Path
	id       uint32
	proto    uint8
	ipv6     bool
}

type datagram struct {
	key     fragmentKey
	first   Origin
	latest  Origin  // of the highest frame
	pieces  []piece // ascending, without overlap
	data    []byte
	frames  []uint32
	have    uint32 // bytes in pieces
	total   uint32 // valid iff last
	packets uint32
	next    uint8
	last    bool // the last fragment was seen
	clash   bool // fragments contradicted each other
	echo    bool // every fragment was captured before, in this datagram or another
}

// piece is the range [off, end) of a datagram; its bytes start at data[at].
type piece struct{ off, end, at uint32 }

// NewDefragmenter returns an empty Defragmenter.
func NewDefragmenter(l DefragLimits) *Defragmenter {
	if l.Timeout <= 0 {
		l.Timeout = defaultFragmentTimeout
	}
	if l.Datagrams <= 0 {
		l.Datagrams = defaultDatagrams
	}
	if l.Bytes <= 0 {
		l.Bytes = defaultFragmentBytes
	}
	return &Defragmenter{limits: l, index: map[fragmentKey]int32{}, age: newOrder(), echoes: newOrder(), seen: newSightings()}
}

// Add takes a packet of kind Fragment that was captured at o. If it completes its datagram, Add turns p into the whole
// datagram and returns true: Walker.Resume reads on in it. p.Payload and p.Frames are then valid until the next Add
// has completed a datagram. If p cannot be part of a datagram, p becomes undecodable and Add returns true as well.
// Otherwise the fragment is held and p must not be used further.
func (d *Defragmenter) Add(p *Packet, o Origin) bool {
	d.Stats.Fragments++
	d.Expire(o.Time)
	key := fragmentKey{
		src: p.Src.Addr().As16(), dst: p.Dst.Addr().As16(), path: p.Path,
		id: p.Frag.ID, ipv6: p.Frag.IPv6,
	}
	if !key.ipv6 {
		key.proto = p.Frag.Next
	}
	again := d.seen.note(&key, p, o.Time)
	i, ok := d.index[key]
	if ok && d.slots[i].isOver(p, o) {
		d.drop(i)
		ok = false
	}
	if !ok {
		i = d.open(key, o)
		if d.slots[i].echo = again; again {
			d.echoes.push(i)
		}
	}
	g := &d.slots[i]
	if g.echo && !again {
		g.echo = false
		d.echoes.remove(i)
	}
	g.packets += p.Weight
	if !d.store(g, p, o) {
		// The fragment is impossible beside the others. It counts for itself, not for the datagram.
		if g.packets -= p.Weight; g.packets == 0 {
			d.remove(i)
		}
		p.fail(ReasonIPFragment, 0)
		return true
	}
	switch {
	case g.last && g.have == g.total:
		d.complete(i, p)
		return true
	case len(g.pieces) > maxPieces:
		d.evict(i)
	default:
		for d.bytes > d.limits.Bytes && d.age.first >= 0 {
			d.evict(d.age.first)
		}
	}
	return false
}

// Expire gives up the datagrams that are too old at the capture time now.
func (d *Defragmenter) Expire(now int64) {
	for d.echoes.first >= 0 && now-d.slots[d.echoes.first].first.Time > copyWindow {
		d.drop(d.echoes.first)
	}
	for d.age.first >= 0 && now-d.slots[d.age.first].first.Time > int64(d.limits.Timeout) {
		d.drop(d.age.first)
	}
}

// Flush gives up everything that is not complete.
func (d *Defragmenter) Flush() {
	for d.age.first >= 0 {
		d.drop(d.age.first)
	}
}

func (d *Defragmenter) open(key fragmentKey, o Origin) int32 {
	if len(d.index) >= d.limits.Datagrams {
		d.evict(d.age.first)
	}
	var i int32
	if n := len(d.free); n > 0 {
		i, d.free = d.free[n-1], d.free[:n-1]
	} else {
		i = int32(len(d.slots))
		d.slots = append(d.slots, datagram{})
	}
	g := &d.slots[i]
	*g = datagram{key: key, first: o, latest: o, pieces: g.pieces[:0], frames: g.frames[:0], next: key.proto}
	if n := len(d.spare); n > 0 {
		g.data, d.spare = d.spare[n-1], d.spare[:n-1]
		d.bytes += cap(g.data)
	}
	d.index[key] = i
	d.age.push(i)
	return i
}

// store adds the bytes of a fragment. It reports false if the fragment contradicts the end of the datagram.
func (d *Defragmenter) store(g *datagram, p *Packet, o Origin) bool {
	off, b := p.Frag.Offset, p.Payload
	end := off + uint32(len(b))
	if !p.Frag.More {
		reach := uint32(0)
		if n := len(g.pieces); n > 0 {
			reach = g.pieces[n-1].end
		}
		if g.last && g.total != end || reach > end {
			d.Stats.Overlaps++
			return false
		}
		g.last, g.total = true, end
	} else if g.last && end > g.total {
		d.Stats.Overlaps++
		return false
	}
	if off == 0 {
		g.next = p.Frag.Next
	}
	before := cap(g.data)
	fresh, clash := g.insert(off, b)
	d.bytes += cap(g.data) - before
	if clash {
		g.clash = true
		d.Stats.Overlaps++
	}
	if !fresh {
		d.Stats.Duplicates++
		return true
	}
	if o.Frame > g.latest.Frame {
		g.latest = o
	}
	if len(p.Frames) == 0 {
		g.frames = addFrame(g.frames, o.Frame)
	}
	for _, f := range p.Frames {
		g.frames = addFrame(g.frames, f)
	}
	return true
}

// isOver reports whether a fragment is of a later datagram with the same identification: bytes that are there already,
// too late for a second copy. No sender repeats a fragment.
func (g *datagram) isOver(p *Packet, o Origin) bool {
	if o.Time-g.first.Time <= copyWindow {
		return false
	}
	off, end := p.Frag.Offset, p.Frag.Offset+uint32(len(p.Payload))
	for _, q := range g.pieces {
		if off < q.end && q.off < end {
			return true
		}
	}
	return false
}

// insert adds those bytes of b, which belongs at off, that the datagram does not have yet. clash says that bytes it
// had already differ.
func (g *datagram) insert(off uint32, b []byte) (fresh, clash bool) {
	end := off + uint32(len(b))
	i, _ := slices.BinarySearchFunc(g.pieces, off, func(p piece, off uint32) int {
		if p.end <= off {
			return -1
		}
		return 1
	})
	for pos := off; pos < end; {
		if i < len(g.pieces) && g.pieces[i].off <= pos {
			q := g.pieces[i]
			stop := min(end, q.end)
			have := g.data[q.at+pos-q.off : q.at+stop-q.off]
			clash = clash || !bytes.Equal(have, b[pos-off:stop-off])
			pos = stop
			i++
			continue
		}
		stop := end
		if i < len(g.pieces) {
			stop = min(end, g.pieces[i].off)
		}
		at := uint32(len(g.data))
		g.data = append(g.data, b[pos-off:stop-off]...)
		if i > 0 && g.pieces[i-1].end == pos && g.pieces[i-1].at+pos-g.pieces[i-1].off == at {
			g.pieces[i-1].end = stop
		} else {
			g.pieces = slices.Insert(g.pieces, i, piece{pos, stop, at})
			i++
		}
		g.have += stop - pos
		fresh = true
		pos = stop
	}
	return fresh, clash
}

// complete turns p into the datagram at i, which has no holes.
func (d *Defragmenter) complete(i int32, p *Packet) {
	d.Stats.Complete++
	g := &d.slots[i]
	payload := g.data[:0:cap(g.data)]
	if len(g.pieces) == 1 {
		payload = g.data[:g.total]
	} else {
		payload = append(payload, d.join(g)...)
	}
	// The payload before this one has been copied by now if it was the carrier of this datagram.
	for _, b := range d.lent {
		d.recycle(b)
	}
	d.lent = append(d.lent[:0], g.data)
	d.bytes -= cap(g.data)
	g.data = nil
	d.frames = append(d.frames[:0], g.frames...)
	p.Payload, p.Frames, p.Weight = payload, d.frames, g.packets
	p.Overlap = p.Overlap || g.clash
	p.Frag.Next = g.next
	p.cut = 0
	d.remove(i)
}

// join copies what a datagram has before its first hole into the scratch buffer; its pieces lie in the order of arrival.
func (d *Defragmenter) join(g *datagram) []byte {
	b := d.scratch[:0]
	for _, q := range g.pieces {
		if q.off > uint32(len(b)) {
			break
		}
		b = append(b, g.data[q.at:q.at+q.end-q.off]...)
	}
	d.scratch = b
	return b
}

// remove forgets the datagram at i.
func (d *Defragmenter) remove(i int32) {
	g := &d.slots[i]
	delete(d.index, g.key)
	d.age.remove(i)
	d.echoes.remove(i)
	d.bytes -= cap(g.data)
	d.recycle(g.data)
	g.data = nil
	d.free = append(d.free, i)
}

func (d *Defragmenter) recycle(b []byte) {
	if cap(b) > 0 && len(d.spare) < maxSpareBuffers {
		d.spare = append(d.spare, b[:0])
	}
}
