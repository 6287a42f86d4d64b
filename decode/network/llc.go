package network

// llc reads an 802.2 header; IP stands behind SNAP (RFC 1042) or directly behind SAP 06.
func (w *Walker) llc(p *Packet, b []byte) {
	const (
		sapIP    = 0x06
		sapSNAP  = 0xaa
		unnumbUI = 0x03
	)
	switch {
	case len(b) < 3:
		p.fail(ReasonLinkTruncated, 0)
	case b[0] == sapSNAP && b[1] == sapSNAP && b[2] == unnumbUI:
		if len(b) < 8 {
			p.fail(ReasonLinkTruncated, 0)
			return
		}
		t := etherType(be16(b[6:]))
		if t < etherMinimum { // a protocol of the vendor named in the OUI
			p.other(ClassLink)
			return
		}
		w.ethertype(p, t, b[8:])
	case b[0] == sapIP && b[1] == sapIP:
		w.ip(p, b[3:])
	default:
		p.other(ClassLink)
	}
}
