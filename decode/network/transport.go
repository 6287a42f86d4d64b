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
		p.other(ClassIP)
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
