package extract

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"slices"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
)

const (
	// maxConnections bounds the connections that are told apart; messages on further ones are taken without their
	// retransmissions.
	maxConnections = 1 << 20
	// maxSegments bounds the segments that are looked at, of connections that carry wanted messages.
	maxSegments = 1 << 24
	// maxRun is how many segments may hang together by messages that share them before a message is taken alone.
	maxRun = 256
	// maxChecked bounds the messages that a Check looks for.
	maxChecked = 1 << 22
)

// Collector finds the packets that carry what is selected.
type Collector struct {
	sel    *Selection
	frames Frames
	seed   maphash.Seed
	sums   map[uint64]message // wanted messages, by what they say and where they end
	wanted int
	sealed bool // a wanted message came out of TLS
	conns  map[pair]*connection
}

// message is what is known of a wanted message.
type message struct {
	count    int // of messages that say the same and end in the same frame
	src, dst netip.AddrPort
}

// pair names a TCP connection on all links.
type pair struct{ a, b netip.AddrPort }

func pairOf(src, dst netip.AddrPort) pair {
	if dst.Compare(src) < 0 {
		src, dst = dst, src
	}
	return pair{src, dst}
}

// connection is a TCP connection that carried messages.
type connection struct {
	wanted, other int
	whole         bool // all of it is taken
	dirs          [2]direction
	segments      []segment
}

// direction is one of the two of a connection.
type direction struct {
	// run are the frames since a message began with a segment, last the frame that ended the message before.
	run  []uint32
	last uint32
	// first are the frames of the first wanted message, before those of the message in front of it, syn that of the
	// beginning of the connection.
	first, before []uint32
	syn           uint32
}

type segment struct {
	frame, seq, n uint32
	dir           uint8
}

// NewCollector makes a Collector.
func NewCollector(sel *Selection) *Collector {
	return &Collector{sel: sel, seed: maphash.MakeSeed(), sums: map[uint64]message{}, conns: map[pair]*connection{}}
}

// Record takes the next message. It keeps nothing that is borrowed.
func (c *Collector) Record(rec *decode.Record) {
	wanted := c.sel.Wants(rec)
	if wanted {
		c.wanted++
		c.sealed = c.sealed || rec.Proto == network.TLS && rec.Agent == 0
		if !c.sel.all && len(c.sums) < maxChecked {
			k := c.sum(rec)
			c.sums[k] = message{c.sums[k].count + 1, rec.Src, rec.Dst}
		}
		for _, f := range rec.Frames {
			c.frames.Add(f)
		}
	}
	if !streamed(rec) {
		return
	}
	// A capture agent's own connection is not told; its messages name others.
	p := pairOf(rec.Src, rec.Dst)
	conn := c.conns[p]
	if conn == nil {
		if len(c.conns) >= maxConnections {
			return
		}
		conn = &connection{}
		c.conns[p] = conn
	}
	d := &conn.dirs[side(p, rec.Src)]
	d.follow(rec)
	if !wanted {
		conn.other++
		if d.first == nil {
			d.before = append(d.before[:0], rec.Frames...)
		}
		return
	}
	if d.first == nil {
		d.first = slices.Clone(rec.Frames)
	}
	conn.wanted++
	if rec.Diameter != nil {
		// Nobody finds the beginning of a Diameter message within a segment without the message before it.
		for _, f := range d.run {
			c.frames.Add(f)
		}
	}
}

// streamed reports whether a message came over TCP.
func streamed(rec *decode.Record) bool {
	switch rec.Proto {
	case network.TCP, network.TLS, network.WS:
		return !rec.Path.Has(network.HopHEP) && !rec.Path.Has(network.HopHEP3)
	}
	return false
}

func side(p pair, src netip.AddrPort) uint8 {
	if p.a == src {
		return 0
	}
	return 1
}

// follow notes which segments messages share.
func (d *direction) follow(rec *decode.Record) {
	if rec.Frames[0] != d.last || len(d.run) >= maxRun {
		d.run = d.run[:0]
	}
	d.run = append(d.run, rec.Frames...)
	d.last = rec.Frames[len(rec.Frames)-1]
}

// sum makes one number of a message and its last frame.
func (c *Collector) sum(rec *decode.Record) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	h.Write([]byte{byte(rec.Frame), byte(rec.Frame >> 8), byte(rec.Frame >> 16), byte(rec.Frame >> 24)})
	if rec.SIP != nil {
		h.Write(rec.SIP.Raw)
	} else {
		h.Write(rec.Diameter.Raw)
	}
	return h.Sum64()
}

// Messages counts the messages that are wanted.
func (c *Collector) Messages() int { return c.wanted }

// Sealed reports whether a wanted message came out of TLS, so that the packets need the capture's secrets.
func (c *Collector) Sealed() bool { return c.sealed }

// Frames gives the packets found so far.
func (c *Collector) Frames() *Frames { return &c.frames }

// NeedsSegments reports whether Segment is to be called for all packets before Frames is complete.
func (c *Collector) NeedsSegments() bool {
	for _, conn := range c.conns {
		if conn.wanted > 0 {
			return true
		}
	}
	return false
}

// Segment takes the next packet.
func (c *Collector) Segment(pk *capture.Packet, p *network.Packet) {
	if p.Kind != network.Segment {
		return
	}
	k := pairOf(p.Src, p.Dst)
	conn := c.conns[k]
	if conn == nil || conn.wanted == 0 {
		return
	}
	if conn.whole || conn.other == 0 {
		c.frames.Add(pk.Frame)
		return
	}
	if d := &conn.dirs[side(k, p.Src)]; p.TCP.Flags&network.FlagSYN != 0 && len(d.first) > 0 && pk.Frame < d.first[0] {
		d.syn = pk.Frame
	}
	if p.TCP.Len > 0 && len(conn.segments) < maxSegments {
		seq := p.TCP.Seq
		if p.TCP.Flags&network.FlagSYN != 0 {
			seq++
		}
		conn.segments = append(conn.segments, segment{pk.Frame, seq, p.TCP.Len, side(k, p.Src)})
	}
}

// Finish adds the retransmissions, and what stands before segments in the wrong order, after all packets.
func (c *Collector) Finish() {
	for _, conn := range c.conns {
		conn.repeats(&c.frames)
		for i := range conn.dirs {
			conn.lead(uint8(i), &c.frames)
		}
		conn.segments = nil
	}
}

// span is a range of sequence numbers, counted from the first one seen of its direction.
type span struct{ from, to int64 }

// repeats adds the segments that hold nothing but bytes of segments that are taken already.
func (conn *connection) repeats(frames *Frames) {
	var base [2]uint32
	var seen [2]bool
	for _, s := range conn.segments {
		if !seen[s.dir] {
			seen[s.dir], base[s.dir] = true, s.seq
		}
	}
	at := func(s segment) span {
		from := int64(int32(s.seq - base[s.dir]))
		return span{from, from + int64(s.n)}
	}
	var taken [2][]span
	for _, s := range conn.segments {
		if frames.Has(s.frame) {
			taken[s.dir] = append(taken[s.dir], at(s))
		}
	}
	for i := range taken {
		taken[i] = joined(taken[i])
	}
	for _, s := range conn.segments {
		if covered(taken[s.dir], at(s)) {
			frames.Add(s.frame)
		}
	}
}

// lead adds what stands before the first wanted message of a direction if the segments of that are in the wrong order: a
// reader who knows nothing of the bytes before takes the segment that comes first for the beginning.
func (conn *connection) lead(dir uint8, frames *Frames) {
	d := &conn.dirs[dir]
	var began *segment
	for i := range conn.segments {
		s := &conn.segments[i]
		if _, of := slices.BinarySearch(d.first, s.frame); !of || s.dir != dir {
			continue
		}
		if began == nil {
			began = s
		} else if int32(s.seq-began.seq) < 0 {
			for _, f := range d.before {
				frames.Add(f)
			}
			if len(d.before) == 0 && d.syn != 0 {
				frames.Add(d.syn)
			}
			return
		}
	}
}

// joined sorts ranges and joins those that touch.
func joined(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// covered reports whether s is within one of the ranges.
func covered(list []span, s span) bool {
	i, _ := slices.BinarySearchFunc(list, s.from, func(r span, from int64) int {
		if r.to <= from {
			return -1
		}
		return 1
	})
	return i < len(list) && list[i].from <= s.from && s.to <= list[i].to
}
