package network

// Addresses of Cisco HDLC.
const (
	ciscoUnicast   = 0x0f
	ciscoMulticast = 0x8f
)

// ciscoHDLC reads a Cisco HDLC frame: address, control, ethertype.
func (w *Walker) ciscoHDLC(p *Packet, b []byte) {
	switch {
	case len(b) < 4:
		p.fail(ReasonLinkTruncated, 0)
	case b[0] != ciscoUnicast && b[0] != ciscoMulticast:
		w.ppp(p, b)
	default:
		w.ethertype(p, etherType(be16(b[2:])), b[4:])
	}
}

// frameRelay reads a Frame Relay frame with multiprotocol encapsulation (RFC 2427 4): Q.922 address of two to four
// bytes, control, perhaps a padding byte, NLPID.
func (w *Walker) frameRelay(p *Packet, b []byte) {
	const (
		nlpidSNAP = 0x80
		nlpidIPv6 = 0x8e
		nlpidIPv4 = 0xcc
	)
	n := 0
	for n < len(b) && n < 4 && b[n]&1 == 0 { // the last byte of the address is odd
		n++
	}
	n++
	if len(b) < n+3 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	if b[n] != hdlcUnnumbered {
		p.other(ClassLink)
		return
	}
	b = b[n+1:]
	if b[0] == 0 {
		b = b[1:]
	}
	switch {
	case b[0] == nlpidIPv4:
		w.ipv4(p, b[1:])
	case b[0] == nlpidIPv6:
		w.ipv6(p, b[1:])
	case b[0] == nlpidSNAP && len(b) >= 6:
		w.ethertype(p, etherType(be16(b[4:])), b[6:])
	default:
		p.other(ClassLink)
	}
}
