package gen

import (
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

const (
	tcpHeaderLen = 20
	tcpWindow    = 64240
	// tcpAckDelay is how long a receiver waits for data of its own to carry the acknowledgement.
	tcpAckDelay = 40 * time.Millisecond
	// handshakeGap is the one-way delay between the packets of a handshake.
	handshakeGap = 300 * time.Microsecond
)

// tcpConn is one TCP connection. Nothing is ever lost on it.
type tcpConn struct {
	wire   *wire
	client hop
	side   map[*Node]*tcpSide
}

type tcpSide struct {
	link   link // as this side sends
	seq    uint32
	ack    uint32
	ackDue time.Time // zero: nothing to acknowledge
}

// newTCP writes the three-way handshake.
func newTCP(w *wire, t time.Time, h hop, l link) *tcpConn {
	c := &tcpConn{wire: w, client: h, side: map[*Node]*tcpSide{
		h.from: {link: l, seq: initialNumber(h.from, l.src)},
		h.to:   {link: link{l.transport, l.dst, l.src}, seq: initialNumber(h.to, l.src)},
	}}
	a, b := c.side[h.from], c.side[h.to]
	mss := w.mtu - ipv6HeaderLen - tcpHeaderLen
	options := []layers.TCPOption{{
		OptionType:   layers.TCPOptionKindMSS,
		OptionLength: 4,
		OptionData:   []byte{byte(mss >> 8), byte(mss)},
	}}
	c.segment(t, h, layers.TCP{SYN: true, Options: options}, nil)
	a.seq++
	b.ack = a.seq
	c.segment(t.Add(handshakeGap), h.reverse(), layers.TCP{SYN: true, ACK: true, Options: options}, nil)
	b.seq++
	a.ack = b.seq
	c.segment(t.Add(2*handshakeGap), h, layers.TCP{ACK: true}, nil)
	return c
}

// initialNumber gives each node and port its own starting sequence number.
func initialNumber(n *Node, port uint16) uint32 {
	return uint32(n.num)*0x01010101 ^ uint32(port)*0x9e3779b1
}

func (c *tcpConn) send(t time.Time, from *Node, data []byte) {
	c.flush(t)
	h := c.client.sentBy(from)
	me, peer := c.side[h.from], c.side[h.to]
	mss := c.wire.mtu - ipv6HeaderLen - tcpHeaderLen
	for len(data) > 0 {
		piece := data[:min(mss, len(data))]
		data = data[len(piece):]
		c.segment(t, h, layers.TCP{ACK: true, PSH: len(data) == 0}, piece)
		me.seq += uint32(len(piece))
		me.ackDue = time.Time{}
		peer.ack = me.seq
		if peer.ackDue.IsZero() {
			peer.ackDue = t.Add(tcpAckDelay)
		} else { // RFC 9293 3.8.6.3: every second segment at once
			c.acknowledge(t.Add(handshakeGap), h.to)
		}
		t = t.Add(fragmentGap)
	}
}

func (c *tcpConn) flush(t time.Time) {
	for _, n := range []*Node{c.client.from, c.client.to} {
		if due := c.side[n].ackDue; !due.IsZero() && (t.IsZero() || due.Before(t)) {
			c.acknowledge(due, n)
		}
	}
}

func (c *tcpConn) acknowledge(t time.Time, n *Node) {
	c.side[n].ackDue = time.Time{}
	c.segment(t, c.client.sentBy(n), layers.TCP{ACK: true}, nil)
}

func (c *tcpConn) segment(t time.Time, h hop, head layers.TCP, data []byte) {
	s := c.side[h.from]
	head.SrcPort, head.DstPort = layers.TCPPort(s.link.src), layers.TCPPort(s.link.dst)
	head.Seq, head.Ack, head.Window = s.seq, s.ack, tcpWindow
	c.wire.ip(t, h, layers.IPProtocolTCP, &head, gopacket.Payload(data))
}
