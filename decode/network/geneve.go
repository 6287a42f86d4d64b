package network

const geneveHeader = 8

// geneve reads a Geneve header (RFC 8926 3.4) and reports whether b is one: version 2 and option length 6 bits, flags,
// ethertype, network identifier 24, reserved. gopacket's decoder is not used: it keeps the options, in a sum of eight
// bits that wraps.
func (w *Walker) geneve(p *Packet, b []byte) bool {
	if len(b) < geneveHeader || b[0]>>6 != 0 || b[7] != 0 {
		return false
	}
	header := geneveHeader + int(b[0]&0x3f)*4
	proto := etherType(be16(b[2:]))
	if header > len(b) || proto < etherMinimum {
		return false
	}
	if p.enter(HopGeneve, be32(b[4:])>>8) {
		w.payload(p, proto, b[header:])
	}
	return true
}
