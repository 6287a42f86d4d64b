package network

const tcpHeader = 20

// tcp reads a TCP header (RFC 9293 3.1).
func (w *Walker) tcp(p *Packet, b []byte) {
	if len(b) < tcpHeader {
		p.fail(ReasonTCPHeader, 0)
		return
	}
	header := int(b[12]>>4) * 4
	if header < tcpHeader || header > len(b) {
		p.fail(ReasonTCPHeader, 0)
		return
	}
	w.seen(LayerTCP, b)
	p.ports(be16(b), be16(b[2:]))
	p.Kind, p.Proto, p.Payload, p.Truncated = Segment, TCP, b[header:], p.cut > 0
	p.TCP = TCPInfo{Seq: be32(b[4:]), Ack: be32(b[8:]), Flags: b[13] & 0x1f, Len: uint32(len(b)-header) + p.cut}
}
