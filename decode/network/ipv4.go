package network

import "net/netip"

const (
	ipv4Header       = 20
	ipv4MoreFragment = 0x2000
	ipv4OffsetMask   = 0x1fff
	// maxIPPayload is the most an IP datagram can carry without jumbograms; a fragment that reaches beyond is
	// forged (RFC 791 3.1, RFC 8200 4.5).
	maxIPPayload = 65535
)

// ipv4 reads an IPv4 header (RFC 791 3.1).
func (w *Walker) ipv4(p *Packet, b []byte) {
	if len(b) < ipv4Header {
		p.fail(ReasonIPTruncated, 0)
		return
	}
	header := int(b[0]&0x0f) * 4
	if b[0]>>4 != 4 || header < ipv4Header {
		p.fail(ReasonIPHeader, 0)
		return
	}
	if len(b) < header {
		p.fail(ReasonIPTruncated, 0)
		return
	}
	switch total := int(be16(b[2:])); {
	case total == 0:
		// The network card was to cut this into packets and to fill the field (TCP segmentation offload): what
		// was captured is what counts.
	case total < header:
		p.fail(ReasonIPHeader, 0)
		return
	default:
		b = p.trim(b, total)
	}
	w.seen(LayerIPv4, b)
	p.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[12:16])), 0)
	p.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[16:20])), 0)
	next := ipProtocol(b[9])
	if frag := be16(b[6:]); frag&(ipv4MoreFragment|ipv4OffsetMask) != 0 {
		w.fragment(p, b[header:], FragmentInfo{
			ID:     uint32(be16(b[4:])),
			Offset: uint32(frag&ipv4OffsetMask) * 8,
			Next:   uint8(next),
			More:   frag&ipv4MoreFragment != 0,
		})
		return
	}
	w.transport(p, next, b[header:])
}

// fragment hands an IP fragment to the Defragmenter if a datagram can have it.
func (w *Walker) fragment(p *Packet, payload []byte, f FragmentInfo) {
	switch {
	case len(payload) == 0,
		f.More && len(payload)%8 != 0 && p.cut == 0, // RFC 791 3.2, RFC 8200 4.5
		int(f.Offset)+len(payload) > maxIPPayload:
		p.fail(ReasonIPFragment, 0)
		return
	}
	p.Kind, p.Frag, p.Payload, p.Truncated = Fragment, f, payload, p.cut > 0
}
