package network

import (
	"encoding/binary"
	"net/netip"
)

const (
	espHeader  = 8 // SPI, sequence number
	espTrailer = 2 // padding length, next header
)

// espForm is what an ESP packet has around the inner bytes, beyond header and trailer. The packet does not tell it.
type espForm struct{ iv, icv int }

// espForms are the forms of ESP without encryption, the usual ones first: HMAC with 96 bits (TS 33.203 Annex H),
// HMAC-SHA-256 with 128, no integrity, AES-GMAC (RFC 4543 3.3), HMAC-SHA-384 and -512 (RFC 4868).
var espForms = [...]espForm{{0, 12}, {0, 16}, {0, 0}, {8, 16}, {0, 24}, {0, 32}}

// esp reads an ESP packet (RFC 4303 2). If it proves by a checksum that it is not encrypted, the inner packet is walked.
// Otherwise Security has to say: p becomes Sealed.
func (w *Walker) esp(p *Packet, b []byte, kind Hop) {
	if len(b) < espHeader {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	w.seen(LayerESP, b)
	p.SPI, p.espDst, p.espHop = be32(b), p.Dst.Addr(), kind
	if p.cut == 0 {
		for form := range espForms {
			if next, inner, ok := espForms[form].open(b); ok && p.proves(next, inner) {
				w.unseal(p, form, next, inner)
				return
			}
		}
	}
	p.Kind, p.Payload, p.Truncated = Sealed, b, p.cut > 0
}

// unseal walks on inside an ESP packet.
func (w *Walker) unseal(p *Packet, form int, next ipProtocol, inner []byte) {
	p.Form, p.espNext = int8(form), uint8(next)
	if p.enter(p.espHop, p.SPI) {
		w.transport(p, next, inner)
	}
}

// open takes the inner bytes out of an ESP packet, provided that it has this form and is not encrypted. ok says that
// trailer and padding are possible.
func (f espForm) open(b []byte) (next ipProtocol, inner []byte, ok bool) {
	end := len(b) - f.icv - espTrailer
	start := espHeader + f.iv
	if end < start || (end+espTrailer-start)%4 != 0 { // RFC 4303 2.4
		return 0, nil, false
	}
	pad := int(b[end])
	if pad > end-start {
		return 0, nil, false
	}
	padding := b[end-pad : end]
	for i, c := range padding { // RFC 4303 2.4: 1, 2, 3, …; some senders write zeros
		if c != byte(i+1) && c != 0 || c != 0 && padding[0] == 0 || c == 0 && padding[0] != 0 {
			return 0, nil, false
		}
	}
	return ipProtocol(b[end+1]), b[start : end-pad], true
}

// proves reports whether inner, the payload of protocol next between the endpoints of p, has a checksum that is right.
func (p *Packet) proves(next ipProtocol, inner []byte) bool {
	switch next {
	case ipUDP:
		return len(inner) >= udpHeader && int(be16(inner[4:])) == len(inner) && be16(inner[6:]) != 0 && p.sumsUp(next, inner)
	case ipTCP:
		return len(inner) >= tcpHeader && int(inner[12]>>4)*4 >= tcpHeader && p.sumsUp(next, inner)
	case ipICMPv6:
		return len(inner) >= 8 && p.sumsUp(next, inner)
	case ipICMPv4:
		return len(inner) >= 8 && folds(sum(0, inner))
	case ipIPv4:
		if len(inner) < ipv4Header || inner[0]>>4 != 4 {
			return false
		}
		header := int(inner[0]&0x0f) * 4
		return header >= ipv4Header && header <= len(inner) && int(be16(inner[2:])) == len(inner) && folds(sum(0, inner[:header]))
	case ipIPv6:
		// No checksum, but a version and a length that must fit.
		return len(inner) >= ipv6Header && inner[0]>>4 == 6 && int(be16(inner[4:])) == len(inner)-ipv6Header
	}
	return false
}

func (p *Packet) sumsUp(next ipProtocol, b []byte) bool {
	return folds(sum(pseudoHeader(p.Src.Addr(), p.Dst.Addr(), next, len(b)), b))
}

// natT reads the NAT traversal port of IPsec (RFC 3948 2): ESP, IKE behind four zero bytes, or a keep-alive. It reports
// false for a message of another kind.
func (w *Walker) natT(p *Packet, b []byte) bool {
	const keepAlive = 0xff
	switch {
	case len(b) == 1 && b[0] == keepAlive:
		p.other(ClassKeepAlive)
	case len(b) < espHeader || w.signalling(b):
		return false
	case binary.BigEndian.Uint32(b) == 0:
		p.other(ClassIKE)
	default:
		w.esp(p, b, HopUDPESP)
	}
	return true
}

// espState is what esp leaves for Security.
type espState struct {
	espDst  netip.Addr // of the packet that carried ESP
	espHop  Hop
	espNext uint8
}
