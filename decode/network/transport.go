package network

// transport reads what an IP protocol number announces.
func (w *Walker) transport(p *Packet, next ipProtocol, b []byte) {
	switch next {
	case ipUDP:
		w.udp(p, b)
	case ipTCP:
		w.tcp(p, b)
	case ipSCTP:
		w.sctp(p, b)
	case ipICMPv4, ipICMPv6:
		// Errors quote the packet they are about. The quoted message was not sent here.
		p.other(ClassICMP)
	case ipIPv6HopByHop, ipIPv6Routing, ipIPv6Destination, ipMobility,
		ipHIP, ipShim6:
		w.transportExtensions(p, next, b)
	default:
		w.tunnel(p, next, b)
	}
}

// tunnel reads the IP protocols that carry other packets.
func (w *Walker) tunnel(p *Packet, next ipProtocol, b []byte) {
	switch next {
	case ipESP:
		w.esp(p, b, HopESP)
	case ipAH:
		w.ah(p, b)
	case ipIPv4:
		if p.enter(HopIPIP, 0) {
			w.ipv4(p, b)
		}
	case ipIPv6:
		if p.enter(HopIPv6, 0) {
			w.ipv6(p, b)
		}
	case ipGRE:
		w.gre(p, b)
	case ipMPLSInIP: // RFC 4023
		w.mpls(p, b)
	case ipEtherIP:
		w.etherIP(p, b)
	case ipL2TP:
		w.l2tpIP(p, b)
	default:
		p.other(ClassIP)
	}
}

// etherIP reads Ethernet in IP (RFC 3378 2): version 3 and reserved bits.
func (w *Walker) etherIP(p *Packet, b []byte) {
	const version = 0x30
	switch {
	case len(b) < 2 || b[0] != version:
		p.fail(ReasonTunnelHeader, 0)
	case p.enter(HopEtherIP, 0):
		w.ethernet(p, b[2:])
	}
}

// transportExtensions reads extension headers that stand behind another header than IPv6's, as after reassembly or
// inside ESP.
func (w *Walker) transportExtensions(p *Packet, next ipProtocol, b []byte) {
	if p.Src.Addr().Is4() {
		p.other(ClassIP)
		return
	}
	w.extensions(p, next, b)
}

// Resume reads on in a datagram that the Defragmenter completed: p.Payload is its payload and p.Frag.Next its
// protocol.
func (w *Walker) Resume(p *Packet) {
	if b := p.Payload; ipProtocol(p.Frag.Next) == ipUDP && p.cut == 0 && len(b) >= udpHeader && int(be16(b[4:])) == len(b) && be16(b[6:]) != 0 {
		p.BadSum = !p.sumsUp(ipUDP, b)
	}
	w.transport(p, ipProtocol(p.Frag.Next), p.Payload)
}
