package network

// Lengths of the Linux cooked headers, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
const (
	cookedHeader  = 16
	cooked2Header = 20
)

// Protocol values of a cooked header that are no ethertypes (linux/if_ether.h).
const (
	cooked8023 = 0x0001 // 802.3 frame without an 802.2 header
	cooked8022 = 0x0004 // 802.2 header follows
)

// cooked reads a Linux cooked capture: packet type 2, ARPHRD 2, address length 2, address 8, protocol 2.
func (w *Walker) cooked(p *Packet, b []byte) {
	if len(b) < cookedHeader {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	w.seen(LayerCooked, b[:cookedHeader])
	w.cookedProtocol(p, be16(b[2:]), be16(b[14:]), b[cookedHeader:])
}

// cooked2 reads a Linux cooked capture version 2: protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1,
// address length 1, address 8.
func (w *Walker) cooked2(p *Packet, b []byte) {
	if len(b) < cooked2Header {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	w.seen(LayerCooked2, b[:cooked2Header])
	w.cookedProtocol(p, be16(b[8:]), be16(b), b[cooked2Header:])
}

// ARP hardware types for which the protocol field of a cooked header is no ethertype (linux/if_arp.h).
const (
	arphrdNetlink = 824
)

func (w *Walker) cookedProtocol(p *Packet, arphrd, protocol uint16, b []byte) {
	switch {
	case arphrd == arphrdNetlink:
		p.other(ClassLink)
	case protocol == 0 && len(b) > 0 && (b[0]>>4 == 4 || b[0]>>4 == 6):
		w.ip(p, b) // some tunnel devices leave the protocol empty
	case protocol == cooked8022:
		w.llc(p, b)
	case protocol == cooked8023:
		p.other(ClassLink) // Novell IPX
	default:
		w.ethertype(p, etherType(protocol), b)
	}
}
