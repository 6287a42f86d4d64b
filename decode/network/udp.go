package network

const udpHeader = 8

// UDP ports of tunnels.
const (
	portL2TP     = 1701
	portGTPU     = 2152
	portNATT     = 4500
	portVXLAN    = 4789
	portVXLANGPE = 4790
	portGeneve   = 6081
	portMPLS     = 6635 // RFC 7510
	portVXLANOld = 8472 // of Linux before the assignment
	portTZSP     = 37008
)

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
	w.seen(LayerUDP, b)
	b = b[udpHeader:]
	p.ports(src, dst)
	if len(b) > 0 && (b[0] == hepMagic[0] || b[0] == 1 || b[0] == 2) && w.hep(p, b) {
		return
	}
	if w.udpTunnel(p, src, dst, b) {
		return
	}
	p.Kind, p.Proto, p.Payload, p.Truncated = Datagram, UDP, b, p.cut > 0
}

// udpTunnel reads the tunnels over UDP, and reports whether b is one. The port is the first sign, the header must agree.
func (w *Walker) udpTunnel(p *Packet, src, dst uint16, b []byte) bool {
	switch dst {
	case portGTPU:
		return w.gtpu(p, b)
	case portVXLAN, portVXLANOld:
		return w.vxlan(p, b)
	case portNATT:
		return w.natT(p, b)
	case portGeneve:
		return w.geneve(p, b)
	case portVXLANGPE:
		return w.vxlanGPE(p, b)
	case portTZSP:
		return w.tzsp(p, b)
	case portL2TP:
		return w.l2tpUDP(p, b)
	case portMPLS:
		if w.signalling(b) {
			return false
		}
		w.mpls(p, b)
		return true
	}
	switch src { // those whose answers go to any port
	case portGTPU:
		return w.gtpu(p, b)
	case portNATT:
		return w.natT(p, b)
	case portL2TP:
		return w.l2tpUDP(p, b)
	}
	return false
}
