package network

const (
	hdlcAllStations = 0xff // RFC 1662 3.1
	hdlcUnnumbered  = 0x03
	pppoeHeader     = 6
	pppoeVersion    = 0x11
)

// ppp reads a PPP frame (RFC 1661 2), with or without HDLC address and control (RFC 1662 3.1), with the protocol field
// whole or compressed to one byte (RFC 1661 6.5).
func (w *Walker) ppp(p *Packet, b []byte) {
	if len(b) >= 2 && b[0] == hdlcAllStations && b[1] == hdlcUnnumbered {
		b = b[2:]
	}
	if len(b) < 2 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	var proto pppType
	if b[0]&1 != 0 {
		proto, b = pppType(b[0]), b[1:]
	} else {
		proto, b = pppType(be16(b)), b[2:]
	}
	switch proto {
	case pppIPv4:
		w.ipv4(p, b)
	case pppIPv6:
		w.ipv6(p, b)
	case pppMPLSUnicast, pppMPLSMulticast:
		w.mpls(p, b)
	default:
		p.other(ClassLink)
	}
}

// pppSerial reads LINKTYPE_PPP_HDLC, where a frame may also be Cisco's.
func (w *Walker) pppSerial(p *Packet, b []byte) {
	if len(b) >= 2 && b[1] == 0 && (b[0] == ciscoUnicast || b[0] == ciscoMulticast) {
		w.ciscoHDLC(p, b)
		return
	}
	w.ppp(p, b)
}

// pppoe reads a PPPoE session packet (RFC 2516 4): version and type, code, session, length.
func (w *Walker) pppoe(p *Packet, b []byte) {
	switch {
	case len(b) < pppoeHeader:
		p.fail(ReasonLinkTruncated, 0)
	case b[0] != pppoeVersion || b[1] != 0:
		p.fail(ReasonTunnelHeader, 0)
	case p.enter(HopPPPoE, uint32(be16(b[2:]))):
		w.ppp(p, p.trim(b[pppoeHeader:], int(be16(b[4:]))))
	}
}
