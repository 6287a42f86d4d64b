package network

// l2tpIP reads L2TPv3 over IP (RFC 3931 4.1.1): session, then a cookie of 0, 4 or 8 bytes and a sublayer of 0 or 4, whose
// lengths only the peers know. The place where an Ethernet frame with IP begins tells them.
func (w *Walker) l2tpIP(p *Packet, b []byte) {
	if len(b) < 4 {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	session := be32(b)
	if session == 0 { // a control message
		p.other(ClassIP)
		return
	}
	for off := 4; off <= 16 && off <= len(b); off += 4 {
		if looksLikeEthernet(b[off:]) {
			if p.enter(HopL2TP, session) {
				w.ethernet(p, b[off:])
			}
			return
		}
	}
	p.other(ClassIP)
}

// l2tpUDP reads L2TPv2 over UDP (RFC 2661 3.1), which carries PPP, and reports whether b is it.
func (w *Walker) l2tpUDP(p *Packet, b []byte) bool {
	const (
		flagControl  = 0x8000
		flagLength   = 0x4000
		flagSequence = 0x0800
		flagOffset   = 0x0200
		reserved     = 0x34f0
		versionMask  = 0x000f
		version2     = 2
	)
	if len(b) < 6 {
		return false
	}
	flags := be16(b)
	if flags&versionMask != version2 || flags&reserved != 0 {
		return false
	}
	if flags&flagControl != 0 {
		p.other(ClassUDP)
		return true
	}
	ids := 2
	if flags&flagLength != 0 {
		ids = 4
	}
	header := ids + 4
	if flags&flagSequence != 0 {
		header += 4
	}
	if flags&flagOffset != 0 {
		if len(b) < header+2 {
			return false
		}
		header += 2 + int(be16(b[header:]))
	}
	if len(b) < header {
		return false
	}
	if p.enter(HopL2TP, uint32(be16(b[ids+2:]))) {
		w.ppp(p, b[header:])
	}
	return true
}
