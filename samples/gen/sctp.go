package gen

import (
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

const (
	sctpWindow  = 106496
	sctpStreams = 10
	// ppidDiameter is the payload protocol identifier of Diameter in clear (RFC 6733 13.2).
	ppidDiameter = 46
	// sctpSackDelay is the usual time before a receiver acknowledges on its own (RFC 9260 6.2).
	sctpSackDelay = 200 * time.Millisecond

	sctpHeaderLen     = 12
	sctpSackLen       = 16 // without gaps
	sctpDataHeaderLen = 16

	sctpParamStateCookie      = 7
	sctpParamSupportedAddress = 12
	sctpAddressIPv4           = 5
	sctpAddressIPv6           = 6
)

// sctpConn is one SCTP association. Nothing is ever lost on it.
type sctpConn struct {
	wire   *wire
	client hop
	side   map[*Node]*sctpSide
}

type sctpSide struct {
	link    link   // as this side sends
	tag     uint32 // what the peer writes into the packets that it sends here
	tsn     uint32 // next to send
	seen    uint32 // last received
	stream  uint16 // next stream sequence number
	sackDue time.Time
}

// newSCTP writes the four-way handshake.
func newSCTP(w *wire, t time.Time, h hop, l link) *sctpConn {
	c := &sctpConn{wire: w, client: h, side: map[*Node]*sctpSide{
		h.from: {link: l, tag: initialNumber(h.to, l.dst^0x5555), tsn: initialNumber(h.from, l.src)},
		h.to:   {link: link{l.transport, l.dst, l.src}, tag: initialNumber(h.from, l.src^0x3333), tsn: initialNumber(h.to, l.src)},
	}}
	a, b := c.side[h.from], c.side[h.to]
	a.seen, b.seen = b.tsn-1, a.tsn-1
	cookie := make([]byte, 32)
	for i := range cookie {
		cookie[i] = byte(initialNumber(h.to, l.src+uint16(i)))
	}
	families := []byte{0, sctpAddressIPv4, 0, sctpAddressIPv6}
	c.packet(t, h, 0, initChunk(layers.SCTPChunkTypeInit, a, layers.SCTPInitParameter{Type: sctpParamSupportedAddress, Value: families}))
	c.packet(t.Add(handshakeGap), h.reverse(), a.tag, initChunk(layers.SCTPChunkTypeInitAck, b, layers.SCTPInitParameter{Type: sctpParamStateCookie, Value: cookie}))
	c.packet(t.Add(2*handshakeGap), h, b.tag, &layers.SCTPCookieEcho{SCTPChunk: layers.SCTPChunk{Type: layers.SCTPChunkTypeCookieEcho}, Cookie: cookie})
	c.packet(t.Add(3*handshakeGap), h.reverse(), a.tag, &layers.SCTPEmptyLayer{SCTPChunk: layers.SCTPChunk{Type: layers.SCTPChunkTypeCookieAck}})
	return c
}

func initChunk(kind layers.SCTPChunkType, s *sctpSide, param layers.SCTPInitParameter) *layers.SCTPInit {
	return &layers.SCTPInit{
		SCTPChunk:                      layers.SCTPChunk{Type: kind},
		InitiateTag:                    s.tag,
		AdvertisedReceiverWindowCredit: sctpWindow,
		OutboundStreams:                sctpStreams,
		InboundStreams:                 sctpStreams,
		InitialTSN:                     s.tsn,
		Parameters:                     []layers.SCTPInitParameter{param},
	}
}

func (c *sctpConn) send(t time.Time, from *Node, data []byte) {
	c.flush(t)
	h := c.client.sentBy(from)
	me := c.side[h.from]
	room := (c.wire.mtu - ipv6HeaderLen - sctpHeaderLen - sctpSackLen - sctpDataHeaderLen) &^ 3
	for first := true; len(data) > 0; first = false {
		piece := data[:min(room, len(data))]
		data = data[len(piece):]
		c.data(t, h, &layers.SCTPData{
			SCTPChunk:       layers.SCTPChunk{Type: layers.SCTPChunkTypeData},
			BeginFragment:   first,
			EndFragment:     len(data) == 0,
			TSN:             me.tsn,
			StreamSequence:  me.stream,
			PayloadProtocol: ppidDiameter,
		}, piece)
		me.tsn++
		t = t.Add(fragmentGap)
	}
	me.stream++
}

// data sends one DATA chunk, with a SACK in front if one is owed.
func (c *sctpConn) data(t time.Time, h hop, chunk *layers.SCTPData, data []byte) {
	me, peer := c.side[h.from], c.side[h.to]
	chunks := []gopacket.SerializableLayer{chunk, gopacket.Payload(data)}
	if !me.sackDue.IsZero() {
		me.sackDue = time.Time{}
		chunks = append([]gopacket.SerializableLayer{c.sack(me)}, chunks...)
	}
	c.packet(t, h, peer.tag, chunks...)
	peer.seen = chunk.TSN
	if peer.sackDue.IsZero() {
		peer.sackDue = t.Add(sctpSackDelay)
	} else { // RFC 9260 6.2: every second packet at once
		c.acknowledge(t.Add(handshakeGap), h.to)
	}
}

func (c *sctpConn) flush(t time.Time) {
	for _, n := range []*Node{c.client.from, c.client.to} {
		if due := c.side[n].sackDue; !due.IsZero() && (t.IsZero() || due.Before(t)) {
			c.acknowledge(due, n)
		}
	}
}

func (c *sctpConn) acknowledge(t time.Time, n *Node) {
	s := c.side[n]
	s.sackDue = time.Time{}
	h := c.client.sentBy(n)
	c.packet(t, h, c.side[h.to].tag, c.sack(s))
}

func (c *sctpConn) sack(s *sctpSide) *layers.SCTPSack {
	return &layers.SCTPSack{
		SCTPChunk:                      layers.SCTPChunk{Type: layers.SCTPChunkTypeSack},
		CumulativeTSNAck:               s.seen,
		AdvertisedReceiverWindowCredit: sctpWindow,
	}
}

func (c *sctpConn) packet(t time.Time, h hop, tag uint32, chunks ...gopacket.SerializableLayer) {
	l := c.side[h.from].link
	head := &layers.SCTP{SrcPort: layers.SCTPPort(l.src), DstPort: layers.SCTPPort(l.dst), VerificationTag: tag}
	c.wire.ip(t, h, layers.IPProtocolSCTP, append([]gopacket.SerializableLayer{head}, chunks...)...)
}
