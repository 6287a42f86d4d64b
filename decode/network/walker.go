package network

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/netip"

	"imscope/decode/capture"
)

// Walker reads the headers of one packet after the other. It keeps nothing between packets, so the result never
// depends on what was walked before; it has buffers of its own, so each goroutine needs its own Walker.
type Walker struct {
	// User gives the link types that stand behind USER0 to USER15 (147 to 162). 0 is none.
	User [16]capture.LinkType
	// IsSignalling reports whether b begins with a message. It settles what a port number leaves open, for
	// example SIP on the port of a tunnel. May be nil.
	IsSignalling func(b []byte) bool
	// Seen, if set, is called for each header on the way, the outermost first, with bytes of those that are
	// walked: who changes them changes the packet. It may be called for headers of a packet that turns out to be
	// undecodable, and of an encapsulation that turns out to be another one.
	Seen func(Layer, []byte)

	deflated bytes.Reader // for Inflate
	inflater io.ReadCloser
	inflated []byte
}

// Walk reads the frame data, of which origLen bytes were on the wire, and fills p.
func (w *Walker) Walk(p *Packet, link capture.LinkType, data []byte, origLen uint32) {
	p.reset()
	if uint64(origLen) > uint64(len(data)) {
		p.cut = origLen - uint32(len(data))
	}
	if link >= capture.LinkUser0 && link <= capture.LinkUser15 && w.User[link-capture.LinkUser0] != 0 {
		link = w.User[link-capture.LinkUser0]
	}
	w.link(p, link, data)
}

// link reads a frame of the given type.
func (w *Walker) link(p *Packet, link capture.LinkType, b []byte) {
	switch link {
	case capture.LinkEthernet:
		w.ethernet(p, b)
	case capture.LinkLinuxSLL:
		w.cooked(p, b)
	case capture.LinkLinuxSLL2:
		w.cooked2(p, b)
	case capture.LinkRaw, capture.LinkRawBSD, capture.LinkRawOpenBSD, capture.LinkIPv4, capture.LinkIPv6:
		w.ip(p, b)
	case capture.LinkNull, capture.LinkLoop:
		w.loopback(p, b)
	case capture.LinkPPP:
		w.ppp(p, b)
	case capture.LinkPPPHDLC:
		w.pppSerial(p, b)
	case capture.LinkPPPEther:
		w.pppoe(p, b)
	case capture.LinkCHDLC:
		w.ciscoHDLC(p, b)
	case capture.LinkFrameRelay:
		w.frameRelay(p, b)
	case capture.LinkIEEE80211:
		w.dot11(p, b, false)
	case capture.LinkRadiotap:
		w.radiotap(p, b)
	case capture.LinkPPI:
		w.ppi(p, b)
	case capture.LinkNFLOG:
		w.nflog(p, b)
	case capture.LinkSCTP:
		w.sctp(p, b)
	case capture.LinkUpperPDU:
		w.upperPDU(p, b)
	default:
		p.fail(ReasonLinkType, uint32(link))
	}
}

// signalling reports whether b begins with a message.
func (w *Walker) signalling(b []byte) bool { return w.IsSignalling != nil && w.IsSignalling(b) }

// ip reads an IP packet of either version.
func (w *Walker) ip(p *Packet, b []byte) {
	if len(b) == 0 {
		p.fail(ReasonIPTruncated, 0)
		return
	}
	switch b[0] >> 4 {
	case 4:
		w.ipv4(p, b)
	case 6:
		w.ipv6(p, b)
	default:
		p.fail(ReasonIPHeader, 0)
	}
}

// ports sets the ports of the addresses that the IP header gave.
func (p *Packet) ports(src, dst uint16) {
	p.Src = netip.AddrPortFrom(p.Src.Addr(), src)
	p.Dst = netip.AddrPortFrom(p.Dst.Addr(), dst)
}

func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
