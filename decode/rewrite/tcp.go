package rewrite

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"imscope/decode/network"
)

// tcpPatches are the segments of all connections and what is to be written into them.
type tcpPatches struct {
	segments []segment
	windows  map[window][]patch
}

// segment is the payload of a TCP segment.
type segment struct {
	src, dst netip.AddrPort
	seq      uint32
	b        []byte
	c        *carrier
}

// patch replaces the bytes was at seq by others.
type patch struct {
	seq     uint32
	was, is []byte
}

// window is a part of the sequence numbers of one direction, in which patches are found fast.
type window struct {
	src, dst netip.AddrPort
	n        uint16
}

const windowBits = 16

func newTCPPatches() tcpPatches { return tcpPatches{windows: map[window][]patch{}} }

// segment notes a segment.
func (t *tcpPatches) segment(p *network.Packet, c *carrier) {
	if len(p.Payload) > 0 {
		seq := p.TCP.Seq
		if p.TCP.Flags&network.FlagSYN != 0 {
			seq++
		}
		t.segments = append(t.segments, segment{p.Src, p.Dst, seq, p.Payload, c})
	}
}

// message takes a message that came over a connection.
func (w *Rewriter) message(m *network.Message) {
	is := bytes.Clone(m.Data)
	if !w.rewrite(m.Protocol, is) {
		return
	}
	w.Stats.Messages++
	w.bytes += 2 * len(is)
	p := patch{m.Seq, bytes.Clone(m.Data), is}
	last := uint16((m.Seq + uint32(len(is)) - 1) >> windowBits)
	for n := uint16(m.Seq >> windowBits); ; n++ {
		k := window{m.Src, m.Dst, n}
		w.tcp.windows[k] = append(w.tcp.windows[k], p)
		if n == last {
			break
		}
	}
}

// rewrite changes a message of a protocol in place and reports whether it is understood.
func (w *Rewriter) rewrite(pr *network.Protocol, b []byte) bool {
	switch pr.Name {
	case "sip":
		w.edit.SIP(b)
	case "diameter":
		w.edit.Diameter(b)
	case "hep3":
		return w.hepMessage(b)
	case "websocket-handshake":
		w.edit.HTTP(b)
	case "websocket":
		w.webSocket(b)
	default:
		return false
	}
	return true
}

// hepMessage changes a HEP version 3 message that came over a connection.
func (w *Rewriter) hepMessage(b []byte) bool {
	before := w.now
	c := &carrier{data: b}
	w.now = c
	var p network.Packet
	w.inner.HEP3(&p, b)
	w.now = before
	if p.Kind == network.Datagram {
		w.payload(p.Payload, p.Proto, c)
	}
	for i := range c.layers {
		w.addresses(&c.layers[i])
	}
	return true
}

// webSocket changes a message in data frames, which may be masked (RFC 6455 5.2, 5.3).
func (w *Rewriter) webSocket(b []byte) {
	var frames []frame
	var text []byte
	for rest := b; len(rest) >= 2; {
		head, n := 2, int(rest[1]&0x7f)
		switch n {
		case 126:
			head += 2
		case 127:
			head += 8
		}
		masked := rest[1]&0x80 != 0
		if masked {
			head += 4
		}
		if len(rest) < head {
			break
		}
		switch n {
		case 126:
			n = int(binary.BigEndian.Uint16(rest[2:]))
		case 127:
			n = int(min(binary.BigEndian.Uint64(rest[2:]), uint64(len(b))))
		}
		f := frame{b: rest[head:min(head+n, len(rest))]}
		if masked {
			f.mask = rest[head-4 : head]
		}
		if rest[0]&8 == 0 { // no control frame
			frames = append(frames, f)
			text = f.unmask(text)
		} else {
			clear(f.b)
		}
		rest = rest[min(head+n, len(rest)):]
	}
	if len(text) == 0 {
		return
	}
	w.edit.SIP(text)
	for _, f := range frames {
		copy(f.b, text)
		text = text[len(f.b):]
		if f.mask != nil {
			for i := range f.b {
				f.b[i] ^= f.mask[i&3]
			}
		}
	}
}

// apply writes the new messages into the segments. What is left over is made unreadable, except what stands between
// messages.
func (t *tcpPatches) apply(w *Rewriter) {
	for _, s := range t.segments {
		kept := make([]bool, len(s.b))
		is := bytes.Clone(s.b)
		first, last := uint16(s.seq>>windowBits), uint16((s.seq+uint32(len(s.b))-1)>>windowBits)
		for n := first; ; n++ {
			for _, p := range t.windows[window{s.src, s.dst, n}] {
				p.write(s, is, kept)
			}
			if n == last {
				break
			}
		}
		for i := range is {
			if c := s.b[i]; !kept[i] && c != '\r' && c != '\n' && c != 0 {
				w.blank(is[i:i+1], s.c)
			}
		}
		copy(s.b, is)
	}
}

// write writes the part of a patch that is in a segment, if the segment holds what the patch replaces.
func (p *patch) write(s segment, is []byte, kept []bool) {
	at := int(int32(p.seq - s.seq)) // of the patch in the segment
	from, to := max(at, 0), min(at+len(p.was), len(s.b))
	if from >= to || !bytes.Equal(s.b[from:to], p.was[from-at:to-at]) {
		return
	}
	copy(is[from:to], p.is[from-at:])
	for i := from; i < to; i++ {
		kept[i] = true
	}
}

// unmask appends what a frame carries.
func (f *frame) unmask(dst []byte) []byte {
	from := len(dst)
	dst = append(dst, f.b...)
	if f.mask != nil {
		for i := range dst[from:] {
			dst[from+i] ^= f.mask[i&3]
		}
	}
	return dst
}

// frame is one frame of a WebSocket connection.
type frame struct{ b, mask []byte }
