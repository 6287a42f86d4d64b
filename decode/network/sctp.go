package network

const sctpHeader = 12

// sctp reads an SCTP common header (RFC 9260 3.1): ports, verification tag, checksum.
func (w *Walker) sctp(p *Packet, b []byte) {
	if len(b) < sctpHeader {
		p.fail(ReasonSCTPHeader, 0)
		return
	}
	w.seen(LayerSCTP, b)
	p.ports(be16(b), be16(b[2:]))
	p.Kind, p.Proto, p.Payload, p.Truncated = Chunks, SCTP, b[sctpHeader:], p.cut > 0
	p.VTag = be32(b[4:])
}
