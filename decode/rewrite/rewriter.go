package rewrite

import (
	"errors"
	"net/netip"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// Editor says what becomes of what packets hold. All methods work in place and keep the length. It is asked in the
// order in which messages become complete.
type Editor interface {
	SIP(message []byte)
	Diameter(message []byte)
	HTTP(head []byte) // of a WebSocket handshake
	Text(text []byte) // of a capture agent
	IP(address []byte)
	MAC(address []byte)
}

// MaxBytes is how much a Rewriter keeps: all packets of a large capture of signalling.
const MaxBytes = 2 << 30

// ErrTooMuch says that there are more packets than a Rewriter keeps.
var ErrTooMuch = errors.New("more than 2 GiB of packets to rewrite at once")

// maxPasses is how often a packet may be put together and read on, as in package decode.
const maxPasses = 10

// Stats counts what a Rewriter did.
type Stats struct {
	Messages uint64 // rewritten
	Blanked  uint64 // packets with bytes that nobody understood
}

// Rewriter rewrites packets. Give it all of them with Add, in order, then call Finish; then Packet has the new bytes.
type Rewriter struct {
	Stats Stats

	edit     Editor
	walker   network.Walker
	inner    network.Walker // for what is inside messages
	defrag   *network.Defragmenter
	esp      *network.Security
	streams  *network.Streams
	carriers []*carrier // in the order in which they became complete
	packets  []*carrier // those that are packets
	bytes    int
	frags    map[fragmentKey][]piece
	tcp      tcpPatches
	sctp     sctpPieces
	now      *carrier // that is being walked
	p        network.Packet
}

// carrier is bytes with headers in them: a packet, or a datagram that was put together.
type carrier struct {
	data     []byte
	layers   []layer
	pieces   []piece // where the bytes of a datagram came from; nil for a packet
	src, dst netip.Addr
	blanked  bool
}

// layer is a header with its payload.
type layer struct {
	kind network.Layer
	b    []byte
	// cut: the capture has not all of it. Then before is the sum of what it has.
	cut    bool
	before uint64
}

// piece is a fragment's payload, which belongs at off.
type piece struct {
	b   []byte
	off uint32
}

type fragmentKey struct {
	src, dst netip.Addr
	path     network.Path
	id       uint32
	next     uint8
	ipv6     bool
}

// New makes a Rewriter.
func New(e Editor) *Rewriter {
	w := &Rewriter{
		edit:   e,
		defrag: network.NewDefragmenter(network.DefragLimits{}),
		esp:    network.NewSecurity(sip.IsStart),
		frags:  map[fragmentKey][]piece{},
		tcp:    newTCPPatches(),
		sctp:   newSCTPPieces(),
	}
	w.walker = network.Walker{IsSignalling: sip.IsStart, Seen: w.seen}
	w.inner = network.Walker{IsSignalling: sip.IsStart, Seen: w.seen}
	w.streams = network.NewStreams(network.StreamLimits{}, decode.Protocols()...)
	w.streams.Deliver = w.message
	w.defrag.Drop = w.beginning
	w.streams.Count = func(uint32, bool, network.Class) {}
	return w
}

// UserDLT says what stands behind the link types USER0 to USER15.
func (w *Rewriter) UserDLT(user [16]capture.LinkType) { w.walker.User = user }

// Add takes the next packet and copies it.
func (w *Rewriter) Add(pk *capture.Packet) error {
	if w.bytes += len(pk.Data); w.bytes > MaxBytes {
		return ErrTooMuch
	}
	c := &carrier{data: append(make([]byte, 0, len(pk.Data)), pk.Data...)}
	w.packets = append(w.packets, c)
	w.begin(c)
	w.walker.Walk(&w.p, pk.Link, c.data, pk.OrigLen)
	w.take(&w.p, c, network.Origin{Frame: uint32(len(w.packets)), File: pk.File, Time: pk.Time})
	return nil
}

// Packet gives the bytes of the i-th packet, counted from 0.
func (w *Rewriter) Packet(i int) []byte { return w.packets[i].data }

func (w *Rewriter) begin(c *carrier) {
	w.carriers = append(w.carriers, c)
	w.now = c
}

// seen notes a header.
func (w *Rewriter) seen(kind network.Layer, b []byte) {
	w.now.layers = append(w.now.layers, layer{kind: kind, b: b})
}

// take does with a walked packet what package decode does with it.
func (w *Rewriter) take(p *network.Packet, c *carrier, o network.Origin) {
	for range maxPasses {
		c.cutShort(p)
		if p.Form >= 0 {
			w.esp.Learn(p)
			p.Form = -1
		}
		switch p.Kind {
		case network.Datagram:
			w.payload(p.Payload, p.Proto, c)
			return
		case network.Segment:
			w.tcp.segment(p, c)
			w.streams.Add(p, o)
			return
		case network.Chunks:
			w.chunks(p, c)
			return
		case network.Sealed:
			payload := p.Payload
			if w.esp.Open(&w.walker, p, o); p.Kind == network.Undecodable {
				w.blank(payload[min(len(payload), espHeader):], c)
				return
			}
		case network.Deflated:
			w.blank(p.Payload, c)
			return
		case network.Fragment:
			next := w.fragment(p, c, o)
			if next == nil {
				return
			}
			c = next
		default:
			w.opaque(c)
			return
		}
	}
	w.opaque(c)
}

const espHeader = 8

// payload rewrites a message in place.
func (w *Rewriter) payload(b []byte, proto network.Proto, c *carrier) {
	switch {
	case sip.IsStart(b):
		w.edit.SIP(b)
	case proto != network.UDP && diameter.IsStart(b):
		w.edit.Diameter(b)
	default:
		w.blank(b, c)
		return
	}
	w.Stats.Messages++
}

// opaque makes unreadable what is behind the last header that was understood.
func (w *Rewriter) opaque(c *carrier) {
	if len(c.layers) == 0 {
		w.blank(c.data, c)
		return
	}
	l := c.layers[len(c.layers)-1]
	if n := headerLen(l); n > 0 {
		w.blank(l.b[min(n, len(l.b)):], c)
		return
	}
	// A layer is a slice of the carrier's bytes, up to their end.
	w.blank(c.data[min(cap(c.data)-cap(l.b)+len(l.b), len(c.data)):], c)
}

// headerLen gives the length of a layer's header, 0 for those that have no payload with them.
func headerLen(l layer) int {
	switch l.kind {
	case network.LayerIPv4:
		return int(l.b[0]&0x0f) * 4
	case network.LayerIPv6:
		return ipv6Header
	case network.LayerUDP:
		return udpHeader
	case network.LayerTCP:
		return int(l.b[12]>>4) * 4
	case network.LayerSCTP:
		return sctpHeader
	case network.LayerESP:
		return espHeader
	case network.LayerGRE:
		return 4
	case network.LayerAH:
		return 12
	case network.LayerHEP3:
		return 6
	}
	return 0
}

// blank makes bytes unreadable.
func (w *Rewriter) blank(b []byte, c *carrier) {
	if len(b) == 0 {
		return
	}
	clear(b)
	if !c.blanked {
		c.blanked = true
		w.Stats.Blanked++
	}
}

// Finish writes everything back. Nothing can be added afterwards.
func (w *Rewriter) Finish() {
	w.streams.Flush()
	w.defrag.Flush()
	w.tcp.apply(w)
	w.sctp.apply(w)
	for _, pieces := range w.frags { // of datagrams that have no beginning
		w.blankPieces(pieces)
	}
	// What was put together comes behind its parts.
	for i := len(w.carriers) - 1; i >= 0; i-- {
		w.finish(w.carriers[i])
	}
}
