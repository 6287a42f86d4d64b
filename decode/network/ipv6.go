package network

import "net/netip"

const (
	ipv6Header = 40
	// maxExtensions is how many extension headers a packet may have: RFC 8200 4.1 knows seven kinds, each at most
	// once but for destination options.
	maxExtensions = 16
)

// ipv6 reads an IPv6 header (RFC 8200 3).
func (w *Walker) ipv6(p *Packet, b []byte) {
	if len(b) < ipv6Header {
		p.fail(ReasonIPTruncated, 0)
		return
	}
	if b[0]>>4 != 6 {
		p.fail(ReasonIPHeader, 0)
		return
	}
	next := ipProtocol(b[6])
	p.Src = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])), 0)
	p.Dst = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[24:40])), 0)
	length := int(be16(b[4:]))
	whole := b
	b = b[ipv6Header:]
	if length != 0 || next == ipNoNextHeader {
		b = p.trim(b, length)
	} // else a jumbogram (RFC 2675) or segmentation offload: what was captured is what counts
	w.seen(LayerIPv6, whole[:ipv6Header+len(b)])
	w.extensions(p, next, b)
}

// extensions skips IPv6 extension headers (RFC 8200 4) up to the transport or to a fragment.
func (w *Walker) extensions(p *Packet, next ipProtocol, b []byte) {
	for range maxExtensions {
		var header int
		switch next {
		case ipIPv6HopByHop, ipIPv6Routing, ipIPv6Destination, ipMobility,
			ipHIP, ipShim6:
			if len(b) >= 8 {
				header = (int(b[1]) + 1) * 8
			}
		case ipIPv6Fragment:
			if len(b) < 8 {
				break
			}
			offset := be16(b[2:])
			if offset&^0x6 != 0 { // not an atomic fragment (RFC 6946), which is whole
				w.fragment(p, b[8:], FragmentInfo{
					ID:     be32(b[4:]),
					Offset: uint32(offset &^ 7),
					Next:   b[0],
					More:   offset&1 != 0,
					IPv6:   true,
				})
				return
			}
			header = 8
		default:
			w.transport(p, next, b)
			return
		}
		if header == 0 || header > len(b) {
			p.fail(ReasonIPTruncated, 0)
			return
		}
		next, b = ipProtocol(b[0]), b[header:]
	}
	p.fail(ReasonIPExtensions, 0)
}
