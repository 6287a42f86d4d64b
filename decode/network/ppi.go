package network

import (
	"encoding/binary"

	"imscope/decode/capture"
)

// ppi reads LINKTYPE_PPI: version, flags, length of the whole header, link type of what follows; little-endian.
func (w *Walker) ppi(p *Packet, b []byte) {
	if len(b) < 8 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	length := int(binary.LittleEndian.Uint16(b[2:]))
	link := binary.LittleEndian.Uint32(b[4:])
	switch {
	case length < 8:
		p.fail(ReasonLinkHeader, 0)
	case length > len(b):
		p.fail(ReasonLinkTruncated, 0)
	case link > 0xffff || capture.LinkType(link) == capture.LinkPPI:
		p.fail(ReasonLinkType, link)
	default:
		w.seen(LayerHardware, b[8:length])
		w.link(p, capture.LinkType(link), b[length:])
	}
}
