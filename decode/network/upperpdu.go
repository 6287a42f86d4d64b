package network

import (
	"bytes"
	"net/netip"
)

// Tags of an exported PDU (Wireshark wsutil/exported_pdu_tlvs.h).
const (
	pduEnd          = 0
	pduDissector    = 12
	pduHeuristic    = 13
	pduIPv4Source   = 20
	pduIPv4Dest     = 21
	pduIPv6Source   = 22
	pduIPv6Dest     = 23
	pduPortType     = 24
	pduSourcePort   = 25
	pduDestPort     = 26
	pduPortTypeSCTP = 1
	pduPortTypeTCP  = 2
	pduPortTypeUDP  = 3
	pduTagHeader    = 4
	maxPDUTags      = 64 // there are about 30 kinds, each of use once
)

// upperPDU reads LINKTYPE_WIRESHARK_UPPER_PDU: a message that Wireshark took out of its packet, behind tags with its
// protocol and endpoints.
func (w *Walker) upperPDU(p *Packet, b []byte) {
	var name []byte
	var ports [2]uint16
	w.seen(LayerUpperPDU, b)
	for range maxPDUTags {
		if len(b) < pduTagHeader {
			p.fail(ReasonPDUTags, 0)
			return
		}
		tag, n := be16(b), int(be16(b[2:]))
		b = b[pduTagHeader:]
		if n > len(b) {
			p.fail(ReasonPDUTags, 0)
			return
		}
		v := b[:n]
		b = b[n:]
		if tag == pduEnd {
			p.ports(ports[0], ports[1])
			w.upperPayload(p, name, b)
			return
		}
		switch {
		case tag == pduDissector, tag == pduHeuristic:
			name = bytes.TrimRight(v, "\x00")
		case tag == pduIPv4Source && n >= 4:
			p.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(v)), 0)
		case tag == pduIPv4Dest && n >= 4:
			p.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(v)), 0)
		case tag == pduIPv6Source && n >= 16:
			p.Src = netip.AddrPortFrom(netip.AddrFrom16([16]byte(v)), 0)
		case tag == pduIPv6Dest && n >= 16:
			p.Dst = netip.AddrPortFrom(netip.AddrFrom16([16]byte(v)), 0)
		case tag == pduPortType && n >= 4:
			switch be32(v) {
			case pduPortTypeSCTP:
				p.Proto = SCTP
			case pduPortTypeTCP:
				p.Proto = TCP
			case pduPortTypeUDP:
				p.Proto = UDP
			}
		case tag == pduSourcePort && n >= 4:
			ports[0] = uint16(be32(v))
		case tag == pduDestPort && n >= 4:
			ports[1] = uint16(be32(v))
		}
	}
	p.fail(ReasonPDUTags, 0)
}

// upperPayload reads what the dissector name announces.
func (w *Walker) upperPayload(p *Packet, name, b []byte) {
	if !p.enter(HopUpperPDU, 0) {
		return
	}
	switch string(name) {
	case "ip", "ipv4", "ipv6", "raw_ip":
		w.ip(p, b)
	case "eth", "eth_withoutfcs", "eth_maybefcs":
		w.ethernet(p, b)
	case "udp":
		w.udp(p, b)
	case "tcp":
		w.tcp(p, b)
	case "sctp":
		w.sctp(p, b)
	case "":
		p.fail(ReasonPDUTags, 0)
	default: // sip, diameter, or one that is not ours; the content tells
		p.Kind, p.Payload, p.Truncated = Datagram, b, p.cut > 0
	}
}
