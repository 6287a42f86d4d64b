package network

const (
	vxlanHeader = 8
	vxlanID     = 0x08 // flag: there is a network identifier
)

// vxlan reads a VXLAN header (RFC 7348 5) and reports whether b is one.
func (w *Walker) vxlan(p *Packet, b []byte) bool {
	if len(b) < vxlanHeader+ethernetHeader || b[0]&vxlanID == 0 || b[7] != 0 {
		return false
	}
	if p.enter(HopVXLAN, be32(b[4:])>>8) {
		w.ethernet(p, b[vxlanHeader:])
	}
	return true
}

// vxlanGPE reads a VXLAN header with a next protocol (draft-ietf-nvo3-vxlan-gpe 3.1) and reports whether b is one.
func (w *Walker) vxlanGPE(p *Packet, b []byte) bool {
	const (
		flagNext     = 0x04
		nextIPv4     = 1
		nextIPv6     = 2
		nextEthernet = 3
	)
	if len(b) < vxlanHeader || b[0]&vxlanID == 0 || b[7] != 0 {
		return false
	}
	if b[0]&flagNext == 0 {
		return w.vxlan(p, b)
	}
	next, inner := b[3], b[vxlanHeader:]
	if next < nextIPv4 || next > nextEthernet {
		return false
	}
	if p.enter(HopVXLAN, be32(b[4:])>>8) {
		if next == nextEthernet {
			w.ethernet(p, inner)
		} else {
			w.ip(p, inner)
		}
	}
	return true
}
