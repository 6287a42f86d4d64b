package rewrite

import (
	"encoding/binary"
	"hash/crc32"

	"imscope/decode/network"
)

const (
	ipv4Header = 20
	ipv6Header = 40
	udpHeader  = 8
	tcpHeader  = 20
	sctpHeader = 12
)

// cutShort notes which of the carrier's transport headers are not there to their end, and the sums of what is there
// before anything is changed.
func (c *carrier) cutShort(p *network.Packet) {
	for i := range c.layers {
		l := &c.layers[i]
		if l.cut || l.kind != network.LayerUDP && l.kind != network.LayerTCP {
			continue
		}
		short := p.Truncated
		if l.kind == network.LayerUDP {
			short = int(binary.BigEndian.Uint16(l.b[4:])) > len(l.b)
		}
		if short {
			l.cut, l.before = true, sum(c.addresses(i), l.b)
		}
	}
}

// finish mends the headers of a carrier, and brings its bytes back to where they came from.
func (w *Rewriter) finish(c *carrier) {
	// Addresses first: checksums of the transport cover them.
	for i := range c.layers {
		w.addresses(&c.layers[i])
	}
	if c.pieces != nil { // the fragments' own headers are mended with their packets
		src, dst := c.src.AsSlice(), c.dst.AsSlice()
		w.edit.IP(src)
		w.edit.IP(dst)
		c.src, _ = addrFrom(src)
		c.dst, _ = addrFrom(dst)
	}
	for i := len(c.layers) - 1; i >= 0; i-- {
		c.checksum(i)
	}
	for _, p := range c.pieces {
		if int(p.off) < len(c.data) {
			copy(p.b, c.data[p.off:])
		}
	}
}

// addresses replaces the addresses of a header.
func (w *Rewriter) addresses(l *layer) {
	b := l.b
	switch l.kind {
	case network.LayerEthernet:
		w.edit.MAC(b[:6])
		w.edit.MAC(b[6:12])
	case network.LayerCooked:
		w.cooked(b[6:14], int(binary.BigEndian.Uint16(b[4:])))
	case network.LayerCooked2:
		w.cooked(b[12:20], int(b[11]))
	case network.LayerDot11:
		for _, at := range [...]int{4, 10, 16, 24} {
			if at < 24 || b[1]&3 == 3 {
				w.edit.MAC(b[at : at+6])
			}
		}
	case network.LayerHardware:
		clear(b)
	case network.LayerIPv4:
		w.edit.IP(b[12:16])
		w.edit.IP(b[16:20])
		options := b[ipv4Header : int(b[0]&0x0f)*4]
		for i := range options {
			options[i] = 1 // no operation: what is there are addresses (RFC 791 3.1)
		}
	case network.LayerIPv6:
		w.edit.IP(b[8:24])
		w.edit.IP(b[24:40])
		w.extensions(b)
	case network.LayerHEP:
		size := 4
		if b[2] != 2 {
			size = 16
		}
		w.edit.IP(b[8 : 8+size])
		w.edit.IP(b[8+size : 8+2*size])
	case network.LayerHEP3:
		w.hepChunks(b)
	case network.LayerUpperPDU:
		w.pduTags(b)
	}
}

// cooked replaces the link layer address of a cooked header.
func (w *Rewriter) cooked(b []byte, n int) {
	if n == 6 {
		w.edit.MAC(b[:6])
		return
	}
	if n != 0 && n != 6 {
		clear(b)
	}
}

// extensions replaces the addresses of routing headers and of the home address option (RFC 8200 4.4, RFC 6275 6.3).
func (w *Rewriter) extensions(b []byte) {
	const hopByHop, routing, fragment, destination, homeAddress = 0, 43, 44, 60, 0xc9
	next, rest := b[6], b[ipv6Header:]
	for len(rest) >= 8 {
		size := (int(rest[1]) + 1) * 8
		switch next {
		case hopByHop:
		case routing:
			for at := 8; at+16 <= min(size, len(rest)); at += 16 {
				w.edit.IP(rest[at : at+16])
			}
		case fragment:
			size = 8
			if binary.BigEndian.Uint16(rest[2:])&^7 != 0 {
				return // what follows is not the beginning of anything
			}
		case destination:
			for at := 2; at+2 <= min(size, len(rest)); {
				if rest[at] == 0 {
					at++
					continue
				}
				n := int(rest[at+1])
				if rest[at] == homeAddress && n == 16 && at+18 <= len(rest) {
					w.edit.IP(rest[at+2 : at+18])
				}
				at += 2 + n
			}
		default:
			return
		}
		next, rest = rest[0], rest[min(size, len(rest)):]
	}
}

// checksum makes the checksum of layer i right.
func (c *carrier) checksum(i int) {
	l := &c.layers[i]
	b := l.b
	switch l.kind {
	case network.LayerIPv4:
		n := int(b[0]&0x0f) * 4
		put16(b[10:], 0)
		put16(b[10:], ^fold(sum(0, b[:n])))
	case network.LayerUDP:
		if binary.BigEndian.Uint16(b[6:]) == 0 {
			return // none
		}
		c.transportSum(i, 6)
		if binary.BigEndian.Uint16(b[6:]) == 0 {
			put16(b[6:], 0xffff) // RFC 768
		}
	case network.LayerTCP:
		c.transportSum(i, 16)
	case network.LayerSCTP:
		if c.isWhole(i) {
			binary.LittleEndian.PutUint32(b[8:], 0)
			binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b, castagnoli)) // RFC 9260 Appendix A
		}
	case network.LayerGRE:
		if len(b) >= 8 && b[0]&0x80 != 0 && c.isWhole(i) {
			put16(b[4:], 0)
			put16(b[4:], ^fold(sum(0, b)))
		}
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// transportSum makes the checksum at offset at of a UDP or TCP header right, or of a packet that was cut short as right
// as it was: the sum changes by as much as the bytes do (RFC 1624).
func (c *carrier) transportSum(i, at int) {
	l := &c.layers[i]
	if l.cut {
		old := ^binary.BigEndian.Uint16(l.b[at:])
		// The field itself is part of both sums.
		after := fold(sum(c.addresses(i), l.b))
		v := uint64(old) + uint64(after) + uint64(^fold(l.before))
		put16(l.b[at:], ^fold(v))
		return
	}
	put16(l.b[at:], 0)
	proto := uint64(6)
	if l.kind == network.LayerUDP {
		proto = 17
	}
	put16(l.b[at:], ^fold(sum(c.addresses(i)+proto+uint64(len(l.b)), l.b)))
}

// addresses gives the sum of the addresses that a transport header's checksum covers.
func (c *carrier) addresses(i int) uint64 {
	for k := i - 1; k >= 0; k-- {
		switch b := c.layers[k].b; c.layers[k].kind {
		case network.LayerIPv4:
			return sum(0, b[12:20])
		case network.LayerIPv6:
			return sum(0, b[8:40])
		}
	}
	if c.src.IsValid() {
		return sum(sum(0, c.src.AsSlice()), c.dst.AsSlice())
	}
	return 0
}

// isWhole reports whether the packet that layer i is in was captured to its end.
func (c *carrier) isWhole(i int) bool {
	for k := i - 1; k >= 0; k-- {
		switch b := c.layers[k].b; c.layers[k].kind {
		case network.LayerIPv4:
			return int(binary.BigEndian.Uint16(b[2:])) <= len(b)
		case network.LayerIPv6:
			return int(binary.BigEndian.Uint16(b[4:]))+ipv6Header <= len(b)
		}
	}
	return true
}

// sum adds b to a ones' complement sum (RFC 1071).
func sum(acc uint64, b []byte) uint64 {
	for len(b) >= 2 {
		acc += uint64(b[0])<<8 | uint64(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		acc += uint64(b[0]) << 8
	}
	return acc
}

func fold(acc uint64) uint16 {
	for acc > 0xffff {
		acc = acc>>16 + acc&0xffff
	}
	return uint16(acc)
}

func put16(b []byte, v uint16) { binary.BigEndian.PutUint16(b, v) }
