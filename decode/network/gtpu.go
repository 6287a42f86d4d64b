package network

// Fields of a GTP-U header (TS 29.281 5.1). gopacket's decoder is not used: it panics on short headers, and user data of
// a mobile core is a hot path.
const (
	gtpuHeader     = 8
	gtpuVersion    = 0x30 // version 1, protocol type GTP
	gtpuVersionSet = 0xf0
	gtpuOptional   = 0x07 // E, S or PN: four more bytes
	gtpuExtension  = 0x04 // E
	gtpuEcho       = 1
	gtpuEchoReply  = 2
	gtpuError      = 26
	gtpuExtensions = 31
	gtpuStatus     = 253
	gtpuEndMarker  = 254
	gtpuUserData   = 255
)

// gtpu reads a GTP-U message and reports whether b is one: flags, type, length of what follows eight bytes, TEID;
// sequence number 2, N-PDU number, type of the next extension header if a flag says so; extension headers of a
// length in units of four bytes, with the type of the next one in the last byte.
func (w *Walker) gtpu(p *Packet, b []byte) bool {
	if len(b) < gtpuHeader || b[0]&gtpuVersionSet != gtpuVersion {
		return false
	}
	switch b[1] {
	case gtpuUserData:
	case gtpuEcho, gtpuEchoReply, gtpuError, gtpuExtensions, gtpuStatus, gtpuEndMarker:
		p.other(ClassGTP)
		return true
	default:
		return false
	}
	flags, teid := b[0], be32(b[4:])
	b = p.trim(b[gtpuHeader:], int(be16(b[2:])))
	if flags&gtpuOptional != 0 {
		if len(b) < 4 {
			p.fail(ReasonTunnelHeader, 0)
			return true
		}
		next := b[3]
		b = b[4:]
		for flags&gtpuExtension != 0 && next != 0 {
			if len(b) == 0 || b[0] == 0 || int(b[0])*4 > len(b) {
				p.fail(ReasonTunnelHeader, 0)
				return true
			}
			n := int(b[0]) * 4
			next, b = b[n-1], b[n:]
		}
	}
	switch {
	case !p.enter(HopGTPU, teid):
	case p.beginsIP(b):
		w.ip(p, b)
	case looksLikeEthernet(b): // a PDU session of type Ethernet
		w.ethernet(p, b)
	case p.cut > 0:
		p.fail(ReasonIPTruncated, 0)
	default:
		p.other(ClassGTP)
	}
	return true
}

// looksLikeEthernet reports whether b can begin with an Ethernet header that carries IP, where nothing else tells.
func looksLikeEthernet(b []byte) bool {
	if len(b) < ethernetHeader+1 {
		return false
	}
	switch t := etherType(be16(b[12:])); t {
	case etherIPv4, etherIPv6:
		return looksLikeIP(b[ethernetHeader:])
	case etherDot1Q, etherQinQ:
		return true
	}
	return false
}
