package network

import "github.com/google/gopacket/layers"

// transport reads what an IP protocol number announces.
func (w *Walker) transport(p *Packet, next layers.IPProtocol, b []byte) {
	switch next {
	case layers.IPProtocolUDP:
		w.udp(p, b)
	case layers.IPProtocolTCP:
		w.tcp(p, b)
	case layers.IPProtocolSCTP:
		w.sctp(p, b)
	case layers.IPProtocolICMPv4, layers.IPProtocolICMPv6:
		// Errors quote the packet they are about. The quoted message was not sent here.
		p.other(ClassICMP)
	case layers.IPProtocolIPv6HopByHop, layers.IPProtocolIPv6Routing, layers.IPProtocolIPv6Destination, ipMobility,
		ipHIP, ipShim6:
		w.transportExtensions(p, next, b)
	default:
		w.tunnel(p, next, b)
	}
}

// tunnel reads the IP protocols that carry other packets.
func (w *Walker) tunnel(p *Packet, next layers.IPProtocol, b []byte) {
	switch next {
	case layers.IPProtocolESP:
		w.esp(p, b, HopESP)
	case layers.IPProtocolAH:
		w.ah(p, b)
	case layers.IPProtocolIPv4:
		if p.enter(HopIPIP, 0) {
			w.ipv4(p, b)
		}
	case layers.IPProtocolIPv6:
		if p.enter(HopIPv6, 0) {
			w.ipv6(p, b)
		}
	case layers.IPProtocolGRE:
		w.gre(p, b)
	case layers.IPProtocolMPLSInIP: // RFC 4023
		w.mpls(p, b)
	case layers.IPProtocolEtherIP:
		w.etherIP(p, b)
	case ipL2TP:
		w.l2tpIP(p, b)
	default:
		p.other(ClassIP)
	}
}

// ipL2TP is L2TPv3; gopacket has no name for it.
const ipL2TP = layers.IPProtocol(115)

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
func (w *Walker) transportExtensions(p *Packet, next layers.IPProtocol, b []byte) {
	if p.Src.Addr().Is4() {
		p.other(ClassIP)
		return
	}
	w.extensions(p, next, b)
}

// Resume reads on in a datagram that the Defragmenter completed: p.Payload is its payload and p.Frag.Next its
// protocol.
func (w *Walker) Resume(p *Packet) {
	w.transport(p, layers.IPProtocol(p.Frag.Next), p.Payload)
}
