package network

const udpHeader = 8

// udp reads a UDP header (RFC 768).
func (w *Walker) udp(p *Packet, b []byte) {
	if len(b) < udpHeader {
		p.fail(ReasonUDPTruncated, 0)
		return
	}
	src, dst := be16(b), be16(b[2:])
	// 0 is a jumbogram (RFC 2675) or left to the network card; other short values are damage. Take all there is.
	if length := int(be16(b[4:])); length >= udpHeader {
		b = p.trim(b, length)
	}
	b = b[udpHeader:]
	p.ports(src, dst)
	p.Kind, p.Proto, p.Payload, p.Truncated = Datagram, UDP, b, p.cut > 0
}
