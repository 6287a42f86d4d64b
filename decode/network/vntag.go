package network

// vnTag reads a Cisco VN-Tag behind its ethertype: direction and pointer bits, destination interface 14 bits; loop bit,
// version, source interface 12 bits; the ethertype that follows.
func (w *Walker) vnTag(p *Packet, b []byte) {
	if len(b) < 6 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	if p.enter(HopVNTag, uint32(be16(b)&0x3fff)) {
		w.ethertype(p, etherType(be16(b[4:])), b[6:])
	}
}
