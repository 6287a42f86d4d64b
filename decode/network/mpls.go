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
		case looksLikeIP(b):
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
