package network

const ahHeader = 12

// ah reads an authentication header (RFC 4302 2): next header, length in units of four bytes less two, reserved, SPI,
// sequence number, integrity check value.
func (w *Walker) ah(p *Packet, b []byte) {
	if len(b) < ahHeader {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	header := (int(b[1]) + 2) * 4
	switch {
	case header < ahHeader || header > len(b):
		p.fail(ReasonTunnelHeader, 0)
	case p.enter(HopAH, be32(b[4:])):
		w.seen(LayerAH, b)
		w.transport(p, ipProtocol(b[0]), b[header:])
	}
}
