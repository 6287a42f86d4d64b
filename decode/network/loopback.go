package network

// Address families of a BSD loopback header. IPv6 has another number on every system.
const (
	afINET        = 2
	afINET6Linux  = 10
	afINET6BSD    = 24
	afINET6Free   = 28
	afINET6Darwin = 30
)

// loopback reads LINKTYPE_NULL and LINKTYPE_LOOP: four bytes address family, in the byte order of the machine
// that captured (NULL) or of the network (LOOP).
func (w *Walker) loopback(p *Packet, b []byte) {
	if len(b) < 4 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	family := be32(b)
	if family > 0xffff { // the other byte order: families are small numbers
		family = uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	}
	switch family {
	case afINET:
		w.ipv4(p, b[4:])
	case afINET6Linux, afINET6BSD, afINET6Free, afINET6Darwin:
		w.ipv6(p, b[4:])
	default:
		p.other(ClassLink)
	}
}
