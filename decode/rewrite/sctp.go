package rewrite

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// Types of SCTP chunks (RFC 9260 3.2, RFC 8260 2.1).
const (
	chunkData    = 0
	chunkInit    = 1
	chunkInitAck = 2
	chunkSack    = 3
	chunkEnd     = 7 // SHUTDOWN
	chunkIData   = 64
)

const (
	chunkHeader = 4
	dataHeader  = 16
	iDataHeader = 20
	initHeader  = 20
	flagEnd     = 1
	flagBegin   = 2
	flagUnorder = 4
)

// sctpPieces are the fragments of messages over SCTP.
type sctpPieces struct {
	groups map[sctpGroup][]sctpPiece
	order  []sctpGroup
}

// sctpGroup is what the fragments of one message have in common. With DATA chunks their TSNs alone tell where one
// ends.
type sctpGroup struct {
	src, dst uint16
	tag      uint32
	iData    bool
	sid      uint16
	mid      uint32
	flags    byte
}

type sctpPiece struct {
	seq        uint32
	begin, end bool
	b          []byte
	c          *carrier
}

func newSCTPPieces() sctpPieces { return sctpPieces{groups: map[sctpGroup][]sctpPiece{}} }

// chunks rewrites the chunks of a packet: messages that are whole at once, fragments when all are there.
func (w *Rewriter) chunks(p *network.Packet, c *carrier) {
	b := p.Payload
	for len(b) >= chunkHeader {
		n := int(binary.BigEndian.Uint16(b[2:]))
		if n < chunkHeader {
			break
		}
		chunk := b[:min(n, len(b))]
		b = b[min((n+3)&^3, len(b)):]
		switch kind := chunk[0]; {
		case kind == chunkData && len(chunk) >= dataHeader:
			w.data(p, c, chunk, chunk[dataHeader:], sctpGroup{}, binary.BigEndian.Uint32(chunk[4:]))
		case kind == chunkIData && len(chunk) >= iDataHeader:
			g := sctpGroup{iData: true, sid: binary.BigEndian.Uint16(chunk[8:]), mid: binary.BigEndian.Uint32(chunk[12:]), flags: chunk[1] & flagUnorder}
			seq := uint32(0) // the first one has a payload protocol in its place
			if chunk[1]&flagBegin == 0 {
				seq = binary.BigEndian.Uint32(chunk[16:])
			}
			w.data(p, c, chunk, chunk[iDataHeader:], g, seq)
		case (kind == chunkInit || kind == chunkInitAck) && len(chunk) >= initHeader:
			w.initParameters(chunk[initHeader:])
		case kind == chunkSack, kind >= chunkEnd && kind < 16 && kind != 10: // numbers
		default:
			clear(chunk[chunkHeader:])
		}
	}
	clear(b)
}

// data takes the payload of a DATA or I-DATA chunk.
func (w *Rewriter) data(p *network.Packet, c *carrier, chunk, payload []byte, g sctpGroup, seq uint32) {
	begin, end := chunk[1]&flagBegin != 0, chunk[1]&flagEnd != 0
	if begin && end {
		w.sctpMessage(payload, c)
		return
	}
	g.src, g.dst, g.tag = p.Src.Port(), p.Dst.Port(), p.VTag
	if _, ok := w.sctp.groups[g]; !ok {
		w.sctp.order = append(w.sctp.order, g)
	}
	w.sctp.groups[g] = append(w.sctp.groups[g], sctpPiece{seq, begin, end, payload, c})
}

// sctpMessage rewrites a message in place.
func (w *Rewriter) sctpMessage(b []byte, c *carrier) {
	switch {
	case sip.IsStart(b):
		w.edit.SIP(b)
	case diameter.IsStart(b):
		w.edit.Diameter(b)
	default:
		w.blank(b, c)
		return
	}
	w.Stats.Messages++
}

// initParameters replaces the addresses that an endpoint tells of itself (RFC 9260 3.3.2.1); everything else that is
// no number is made unreadable.
func (w *Rewriter) initParameters(b []byte) {
	const ipv4, ipv6, hostName, cookie = 5, 6, 11, 7
	for len(b) >= chunkHeader {
		kind, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if n < chunkHeader {
			break
		}
		v := b[chunkHeader:min(n, len(b))]
		b = b[min((n+3)&^3, len(b)):]
		switch {
		case kind == ipv4 && len(v) == 4, kind == ipv6 && len(v) == 16:
			w.edit.IP(v)
		case kind == hostName, kind == cookie:
			clear(v)
		}
	}
}

// apply puts fragments together, rewrites the messages and brings them back into all copies of their fragments.
func (s *sctpPieces) apply(w *Rewriter) {
	for _, g := range s.order {
		pieces := s.groups[g]
		first := pieces[0].seq
		slices.SortStableFunc(pieces, func(a, b sctpPiece) int { return cmp.Compare(int32(a.seq-first), int32(b.seq-first)) })
		for len(pieces) > 0 {
			n := 1
			if pieces[0].begin {
				n = message(pieces)
			}
			last := pieces[n-1]
			if !pieces[0].begin || !last.end {
				for _, p := range pieces[:n] {
					w.blank(p.b, p.c)
				}
				pieces = pieces[n:]
				continue
			}
			w.together(pieces[:n])
			pieces = pieces[n:]
		}
	}
}

// message returns how many of the pieces, the first of which begins a message, belong to it.
func message(pieces []sctpPiece) int {
	for n := 1; n < len(pieces); n++ {
		p, before := pieces[n], pieces[n-1]
		switch {
		case p.seq == before.seq: // sent twice
		case before.end, p.begin, p.seq != before.seq+1:
			return n
		}
	}
	return len(pieces)
}

// together rewrites a message whose pieces are all there.
func (w *Rewriter) together(pieces []sctpPiece) {
	var whole []byte
	starts := make([]int, len(pieces))
	for i, p := range pieces {
		if i > 0 && p.seq == pieces[i-1].seq {
			starts[i] = starts[i-1]
			continue
		}
		starts[i] = len(whole)
		whole = append(whole, p.b...)
	}
	was := bytes.Clone(whole)
	w.sctpMessage(whole, pieces[0].c)
	for i, p := range pieces {
		if to := starts[i] + len(p.b); to <= len(was) && bytes.Equal(p.b, was[starts[i]:to]) {
			copy(p.b, whole[starts[i]:to])
		} else {
			w.blank(p.b, p.c)
		}
	}
}
