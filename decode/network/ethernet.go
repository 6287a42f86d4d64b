package network

import "github.com/google/gopacket/layers"

// Ethertypes that gopacket has no name for.
const (
	etherQinQ9100  = layers.EthernetType(0x9100) // QinQ before 802.1ad
	etherQinQ9200  = layers.EthernetType(0x9200)
	etherRARP      = layers.EthernetType(0x8035)
	etherERSPAN3   = layers.EthernetType(0x22eb)
	etherMACsec    = layers.EthernetType(0x88e5)
	etherVNTag     = layers.EthernetType(0x8926)
	etherMinimum   = layers.EthernetType(0x0600) // below it the field is an 802.3 length
	ethernetHeader = 14
	vlanTag        = 4
)

// ethernet reads an Ethernet II or 802.3 frame.
func (w *Walker) ethernet(p *Packet, b []byte) {
	if len(b) < ethernetHeader {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	w.seen(LayerEthernet, b[:ethernetHeader])
	w.ethertype(p, layers.EthernetType(be16(b[12:])), b[ethernetHeader:])
}

// ethertype reads what an ethertype announces, after any VLAN tags (IEEE 802.1Q).
func (w *Walker) ethertype(p *Packet, t layers.EthernetType, b []byte) {
	for tags := 0; ; tags++ {
		switch t {
		case layers.EthernetTypeIPv4:
			w.ipv4(p, b)
			return
		case layers.EthernetTypeIPv6:
			w.ipv6(p, b)
			return
		case layers.EthernetTypeDot1Q, layers.EthernetTypeQinQ, etherQinQ9100, etherQinQ9200:
			if len(b) < vlanTag {
				p.fail(ReasonLinkTruncated, 0)
				return
			}
			if tags == maxVLANs || !p.Path.push(HopVLAN, uint32(be16(b)&0x0fff)) {
				p.fail(ReasonTooDeep, 0)
				return
			}
			t, b = layers.EthernetType(be16(b[2:])), b[vlanTag:]
		default:
			w.rareEthertype(p, t, b)
			return
		}
	}
}

// payload reads what a tunnel header announces by an ethertype.
func (w *Walker) payload(p *Packet, t layers.EthernetType, b []byte) {
	if t == layers.EthernetTypeTransparentEthernetBridging {
		w.ethernet(p, b)
		return
	}
	w.ethertype(p, t, b)
}

// rareEthertype reads everything that is neither IP nor a VLAN tag.
func (w *Walker) rareEthertype(p *Packet, t layers.EthernetType, b []byte) {
	if t < etherMinimum { // an 802.3 length
		w.llc(p, b[:min(int(t), len(b))])
		return
	}
	switch t {
	case layers.EthernetTypeARP, etherRARP:
		p.other(ClassARP)
	case layers.EthernetTypeMPLSUnicast, layers.EthernetTypeMPLSMulticast:
		w.mpls(p, b)
	case layers.EthernetTypePPPoESession:
		w.pppoe(p, b)
	case layers.EthernetTypeTransparentEthernetBridging:
		if p.enter(HopBridged, 0) {
			w.ethernet(p, b)
		}
	case etherVNTag:
		w.vnTag(p, b)
	case etherMACsec:
		p.fail(ReasonMACsec, 0)
	default:
		p.other(ClassLink)
	}
}
