package network

import "net/netip"

// Kind says what a walked packet is and so what has to be done with it.
type Kind uint8

const (
	// Undecodable: the packet could not be read to its end; Reason says why.
	Undecodable Kind = iota
	// Other: readable, and nothing that can carry signalling; Class says what.
	Other
	// Datagram: Payload is a whole UDP payload, or a message that a capture agent had already cut out.
	Datagram
	// Segment: a TCP segment for Streams.
	Segment
	// Chunks: an SCTP packet for Associations; Payload starts at the first chunk.
	Chunks
	// Fragment: an IP fragment for the Defragmenter.
	Fragment
	// Deflated: like Datagram, but the payload of a capture agent is compressed; for Walker.Inflate.
	Deflated
	// Sealed: an ESP packet that did not prove by itself that it is unencrypted; for Security.
	Sealed
)

func (k Kind) String() string {
	switch k {
	case Undecodable:
		return "undecodable"
	case Other:
		return "other"
	case Datagram:
		return "datagram"
	case Segment:
		return "segment"
	case Chunks:
		return "chunks"
	case Fragment:
		return "fragment"
	case Deflated:
		return "deflated"
	case Sealed:
		return "sealed"
	}
	return "unknown"
}

// Proto is the transport protocol of a message.
type Proto uint8

const (
	ProtoNone Proto = iota
	UDP
	TCP
	SCTP
	TLS // opened, or told by a capture agent that sees the text inside
	WS  // SIP over WebSocket over TCP
	WSS // SIP over WebSocket over TLS
)

// String gives the name as it is written in a Via header, in lower case.
func (p Proto) String() string {
	switch p {
	case UDP:
		return "udp"
	case TCP:
		return "tcp"
	case SCTP:
		return "sctp"
	case TLS:
		return "tls"
	case WS:
		return "ws"
	case WSS:
		return "wss"
	}
	return "none"
}

// TCP header flags.
const (
	FlagFIN = 1 << iota
	FlagSYN
	FlagRST
	FlagPSH
	FlagACK
)

// TCPInfo is what Streams needs of a TCP header.
type TCPInfo struct {
	Seq, Ack uint32
	Flags    uint8
	// Len is the length of the payload on the wire; it is more than len(Payload) if the capture cut the packet.
	Len uint32
}

// FragmentInfo is what the Defragmenter needs of an IP fragment.
type FragmentInfo struct {
	ID     uint32
	Offset uint32 // in bytes
	Next   uint8  // IP protocol of the payload; of IPv6, valid iff Offset is 0
	More   bool
	IPv6   bool
}

// HEPInfo is what a capture agent told about the packet. Valid iff Version is not 0.
type HEPInfo struct {
	Version uint8
	Type    uint8 // protocol type of the payload: 1 SIP, 56 Diameter
	Agent   uint32
	Time    int64 // nanoseconds since the Unix epoch; 0 if the agent gave none
}

// Packet is one walked packet. It is made to be reused: Walk sets all of it.
//
// Payload is borrowed from the bytes given to Walk, or from the buffer of the stage that made it (Walker for
// inflated HEP payloads, Defragmenter), and is valid as long as these.
type Packet struct {
	Kind  Kind
	Proto Proto
	Class Class // valid iff Kind is Other
	// Truncated: the payload has fewer bytes than the headers announce, as a rule because the capture cut it.
	Truncated bool
	// Overlap: fragments of the datagram contradicted each other.
	Overlap bool
	// BadSum: the UDP checksum of a datagram that came in fragments is wrong, so one may be of another datagram.
	BadSum bool
	// Src and Dst are the innermost addresses. The ports are valid iff Kind is Datagram, Segment or Chunks.
	Src, Dst netip.AddrPort
	Payload  []byte
	// Frames are the frames that carried a datagram which came in fragments; nil for one that came whole.
	// Borrowed from the Defragmenter.
	Frames []uint32
	// Weight is the number of captured packets that this one stands for: all its fragments, else 1.
	Weight uint32
	Path   Path
	TCP    TCPInfo      // valid iff Kind is Segment
	VTag   uint32       // SCTP verification tag; valid iff Kind is Chunks
	Frag   FragmentInfo // valid iff Kind is Fragment
	SPI    uint32       // of the innermost ESP header; valid iff Kind is Sealed or Form is not -1
	Form   int8         // how the innermost ESP packet was opened, for Security; -1 if there is none
	HEP    HEPInfo
	Reason *Reason // valid iff Kind is Undecodable
	Detail uint32  // number for Reason's text

	cut uint32 // bytes missing at the end of what is being walked
	espState
}

func (p *Packet) reset() {
	p.Kind, p.Proto, p.Class, p.Truncated, p.Overlap, p.BadSum = Undecodable, ProtoNone, 0, false, false, false
	p.Src, p.Dst = netip.AddrPort{}, netip.AddrPort{}
	p.Payload, p.Frames, p.Weight = nil, nil, 1
	if p.Path.n > 0 { // else it is all zeros, and most packets come without a tunnel
		p.Path = Path{}
	}
	p.Form = -1
	p.HEP.Version = 0
	p.Reason, p.Detail = nil, 0
	p.cut = 0
}

// trim cuts b to the length that a header announces, counted from the start of b, and notes what is missing.
func (p *Packet) trim(b []byte, length int) []byte {
	if length <= len(b) {
		p.cut = 0 // what follows is padding, and so is what the capture may have cut
		return b[:length]
	}
	p.cut = uint32(length - len(b))
	return b
}

// fail makes the packet undecodable.
func (p *Packet) fail(r *Reason, detail uint32) {
	p.Kind, p.Reason, p.Detail, p.Payload = Undecodable, r, detail, nil
}

// other says that the packet is of no interest.
func (p *Packet) other(c Class) {
	p.Kind, p.Class, p.Payload = Other, c, nil
}

// enter adds a tunnel to the path. It reports false, with the packet marked undecodable, if there are too many.
func (p *Packet) enter(kind Hop, id uint32) bool {
	if p.Path.tunnels() >= maxTunnels || !p.Path.push(kind, id) {
		p.fail(ReasonTooDeep, 0)
		return false
	}
	return true
}
