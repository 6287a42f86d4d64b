package network

// Flags of a GRE header (RFC 2784 2.1, RFC 2890 2; version 1: RFC 2637 4.1). gopacket's decoder is not used: it does
// not check the length.
const (
	greChecksum = 0x8000
	greRouting  = 0x4000
	greKey      = 0x2000
	greSequence = 0x1000
	greAck      = 0x0080 // version 1
	greVersion  = 0x0007
)

// gre reads a GRE header of version 0, or of version 1 as PPTP uses it.
func (w *Walker) gre(p *Packet, b []byte) {
	if len(b) < 4 {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	w.seen(LayerGRE, b)
	flags, proto := be16(b), etherType(be16(b[2:]))
	b = b[4:]
	version := flags & greVersion
	if flags&greRouting != 0 || version > 1 {
		p.fail(ReasonTunnelHeader, 0)
		return
	}
	var key uint32
	for _, f := range [...]uint16{greChecksum, greKey, greSequence, greAck} {
		if flags&f == 0 || f == greAck && version == 0 {
			continue
		}
		if len(b) < 4 {
			p.fail(ReasonTunnelHeader, 0)
			return
		}
		if f == greKey {
			key = be32(b)
		}
		b = b[4:]
	}
	if version == 1 {
		key &= 0xffff // the upper half is the payload length
	}
	switch {
	case version == 1 && flags&greSequence == 0: // an acknowledgement alone
		p.other(ClassIP)
	case proto == etherERSPAN && flags&greSequence != 0:
		w.erspan2(p, b)
	case proto == etherERSPAN3:
		w.erspan3(p, b)
	case proto == etherERSPAN: // type I has no header of its own
		if p.enter(HopERSPAN, 0) {
			w.ethernet(p, b)
		}
	case !p.enter(HopGRE, key):
	case proto == etherPPP:
		w.ppp(p, b)
	case proto == 0: // keep-alives of routers
		p.other(ClassIP)
	default:
		w.payload(p, proto, b)
	}
}
