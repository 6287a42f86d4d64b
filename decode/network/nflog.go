package network

import "encoding/binary"

// nflog reads LINKTYPE_NFLOG: family, version, resource, then TLVs whose numbers have the byte order of the machine
// that captured. The packet is in the TLV of type 9 (linux/netfilter/nfnetlink_log.h).
func (w *Walker) nflog(p *Packet, b []byte) {
	const (
		header       = 4
		typeHardware = 8
		typePayload  = 9
		typeMask     = 0x7fff
	)
	if len(b) < header+4 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	b = b[header:]
	var order binary.ByteOrder = binary.LittleEndian
	if n := order.Uint16(b); n < 4 || int(n) > len(b) && order.Uint16(b) > binary.BigEndian.Uint16(b) {
		order = binary.BigEndian
	}
	for len(b) >= 4 {
		n, kind := int(order.Uint16(b)), order.Uint16(b[2:])&typeMask
		if n < 4 {
			break
		}
		if kind == typePayload {
			w.ip(p, p.trim(b[4:], n-4))
			return
		}
		if kind == typeHardware {
			w.seen(LayerHardware, b[4:min(max(n, 4), len(b))])
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	p.fail(ReasonLinkHeader, 0)
}
