package network

// maxLabels is how long a label stack may be. Real ones have up to about six.
const maxLabels = 16

// mpls reads an MPLS label stack (RFC 3032 2.1): label 20 bits, traffic class 3, bottom of stack 1, TTL 8. Nothing
// says what follows: IP by its first nibble, a pseudowire control word (RFC 4385 3) before Ethernet, or Ethernet.
func (w *Walker) mpls(p *Packet, b []byte) {
	for range maxLabels {
		if len(b) < 4 {
			p.fail(ReasonTunnelHeader, 0)
			return
		}
		entry := be32(b)
		b = b[4:]
		if entry&0x100 == 0 {
			continue
		}
		if !p.enter(HopMPLS, entry>>12) {
			return
		}
		switch {
		case p.beginsIP(b):
			w.ip(p, b)
		case len(b) >= 4 && b[0]>>4 == 0 && !looksLikeEthernet(b):
			w.ethernet(p, b[4:])
		default:
			w.ethernet(p, b)
		}
		return
	}
	p.fail(ReasonTooDeep, 0)
}

// beginsIP reports whether b, of a tunnel that may carry Ethernet as well, begins with an IP header rather than with a
// destination address like 45:… or 6x:….
func (p *Packet) beginsIP(b []byte) bool {
	return looksLikeIP(b) && (b[0]>>4 == 4 || ipv6Header+int(be16(b[4:])) <= len(b)+int(p.cut)) && !p.beginsEthernetIP(b)
}

// beginsEthernetIP reports whether b begins with an Ethernet header with up to two VLAN tags and an IP header that fits.
func (p *Packet) beginsEthernetIP(b []byte) bool {
	b = b[min(len(b), ethernetHeader-2):]
	for tags := 0; len(b) >= 2; tags++ {
		switch t := etherType(be16(b)); {
		case t == etherIPv4 && looksLikeIP(b[2:]):
			return b[2]>>4 == 4 && int(be16(b[4:])) <= len(b)-2+int(p.cut)
		case t == etherIPv6 && looksLikeIP(b[2:]):
			return b[2]>>4 == 6 && ipv6Header+int(be16(b[6:])) <= len(b)-2+int(p.cut)
		case (t == etherDot1Q || t == etherQinQ) && tags < 2 && len(b) > vlanTag:
			b = b[vlanTag:]
		default:
			return false
		}
	}
	return false
}

// looksLikeIP reports whether b can begin with an IP header where nothing else tells.
func looksLikeIP(b []byte) bool {
	switch {
	case len(b) >= ipv4Header && b[0]>>4 == 4:
		header, total := int(b[0]&0x0f)*4, int(be16(b[2:]))
		return header >= ipv4Header && (total == 0 || total >= header)
	case len(b) >= ipv6Header && b[0]>>4 == 6:
		return true
	}
	return false
}
