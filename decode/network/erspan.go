package network

const (
	erspan2Header   = 8
	erspan3Header   = 12
	erspan3Platform = 8 // optional sub-header
	erspanSession   = 0x03ff
)

// erspan2 reads an ERSPAN type II header (draft-foschiano-erspan 4.2): version and VLAN, class and session, index.
func (w *Walker) erspan2(p *Packet, b []byte) {
	if len(b) < erspan2Header {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	if p.enter(HopERSPAN, uint32(be16(b[2:])&erspanSession)) {
		w.ethernet(p, b[erspan2Header:])
	}
}

// erspan3 reads an ERSPAN type III header (draft-foschiano-erspan 4.3): version and VLAN, class and session,
// timestamp, group tag, then P 1, frame type 5, hardware 6, D 1, granularity 2, O 1 bits.
func (w *Walker) erspan3(p *Packet, b []byte) {
	const (
		frameEthernet = 0
		frameIP       = 2
	)
	if len(b) < erspan3Header {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	session, last := uint32(be16(b[2:])&erspanSession), be16(b[10:])
	b = b[erspan3Header:]
	if last&1 != 0 {
		if len(b) < erspan3Platform {
			p.fail(ReasonTunnelHeader, 0)
			return
		}
		b = b[erspan3Platform:]
	}
	switch frame := last >> 10 & 0x1f; {
	case !p.enter(HopERSPAN, session):
	case frame == frameEthernet:
		w.ethernet(p, b)
	case frame == frameIP:
		w.ip(p, b)
	default:
		p.other(ClassLink)
	}
}
