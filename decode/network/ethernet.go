package network

const (
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
	w.ethertype(p, etherType(be16(b[12:])), b[ethernetHeader:])
}

// ethertype reads what an ethertype announces, after any VLAN tags (IEEE 802.1Q).
func (w *Walker) ethertype(p *Packet, t etherType, b []byte) {
	for tags := 0; ; tags++ {
		switch t {
		case etherIPv4:
			w.ipv4(p, b)
			return
		case etherIPv6:
			w.ipv6(p, b)
			return
		case etherDot1Q, etherQinQ, etherQinQ9100, etherQinQ9200:
			if len(b) < vlanTag {
				p.fail(ReasonLinkTruncated, 0)
				return
			}
			if tags == maxVLANs || !p.Path.push(HopVLAN, uint32(be16(b)&0x0fff)) {
				p.fail(ReasonTooDeep, 0)
				return
			}
			t, b = etherType(be16(b[2:])), b[vlanTag:]
		default:
			w.rareEthertype(p, t, b)
			return
		}
	}
}

// payload reads what a tunnel header announces by an ethertype.
func (w *Walker) payload(p *Packet, t etherType, b []byte) {
	if t == etherBridging {
		w.ethernet(p, b)
		return
	}
	w.ethertype(p, t, b)
}

// rareEthertype reads everything that is neither IP nor a VLAN tag.
func (w *Walker) rareEthertype(p *Packet, t etherType, b []byte) {
	if t < etherMinimum { // an 802.3 length
		w.llc(p, b[:min(int(t), len(b))])
		return
	}
	switch t {
	case etherARP, etherRARP:
		p.other(ClassARP)
	case etherMPLSUnicast, etherMPLSMulticast:
		w.mpls(p, b)
	case etherPPPoESession:
		w.pppoe(p, b)
	case etherBridging:
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
