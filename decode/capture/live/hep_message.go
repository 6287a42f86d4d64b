package live

import (
	"crypto/subtle"
	"encoding/binary"
	"net/netip"
)

// HEP version 3: "HEP3", total length 2, then chunks of vendor 2, type 2, length 2 (all of the chunk), value.
const (
	hepMagic     = "HEP3"
	hepHeader    = 6
	hepChunkHead = 6
	hepChunkType = 0x000b
	hepChunkKey  = 0x000e
	hepSIP       = 1
	hepDiameter  = 56
	maxHEPChunks = 256
)

// checkHEP reports whether b is a HEP message, with the right key if there has to be one. The key is overwritten: it must
// not get into any output. kind is the protocol of what it carries.
func checkHEP(b, key []byte) (ok bool, kind byte) {
	if len(b) < hepHeader {
		return false, 0
	}
	if string(b[:4]) != hepMagic {
		// Versions 1 and 2 have no key; they carry SIP. The walker looks closer.
		return len(key) == 0 && (b[0] == 1 || b[0] == 2), hepSIP
	}
	right := len(key) == 0
	rest := b[hepHeader:min(len(b), max(int(binary.BigEndian.Uint16(b[4:])), hepHeader))]
	for n := 0; len(rest) >= hepChunkHead && n < maxHEPChunks; n++ {
		vendor, typ, length := binary.BigEndian.Uint16(rest), binary.BigEndian.Uint16(rest[2:]), int(binary.BigEndian.Uint16(rest[4:]))
		if length < hepChunkHead || length > len(rest) {
			break
		}
		v := rest[hepChunkHead:length]
		rest = rest[length:]
		if vendor != 0 {
			continue
		}
		switch typ {
		case hepChunkType:
			if len(v) > 0 {
				kind = v[0]
			}
		case hepChunkKey:
			right = right || subtle.ConstantTimeCompare(v, key) == 1
			for i := range v {
				v[i] = '*'
			}
		}
	}
	return right, kind
}

const (
	ipv4Header = 20
	ipv6Header = 40
	udpHeader  = 8
	protoUDP   = 17
)

// datagramHeader is the length of the headers in front of a UDP payload.
func datagramHeader(from netip.Addr) int {
	if from.Is4() {
		return ipv4Header + udpHeader
	}
	return ipv6Header + udpHeader
}

// maxIPPacket is how long a packet can be; a longer message is cut.
func maxIPPacket(from netip.Addr) int {
	if from.Is4() {
		return 65535
	}
	return 65535 + ipv6Header
}

// wrapDatagram fills in the headers of a UDP datagram whose payload is in place.
func wrapDatagram(p []byte, from, to netip.AddrPort) {
	src, dst := from.Addr(), to.Addr().Unmap().WithZone("")
	if src.Is4() {
		if !dst.Is4() { // listening on all addresses of both families
			dst = netip.IPv4Unspecified()
		}
		h := p[:ipv4Header]
		clear(h)
		h[0], h[8], h[9] = 0x45, 64, protoUDP
		binary.BigEndian.PutUint16(h[2:], uint16(len(p)))
		a, b := src.As4(), dst.As4()
		copy(h[12:], a[:])
		copy(h[16:], b[:])
		binary.BigEndian.PutUint16(h[10:], ^fold(sum(0, h)))
		udp(p[ipv4Header:], from.Port(), to.Port(), 0)
		return
	}
	h := p[:ipv6Header]
	clear(h)
	h[0], h[6], h[7] = 0x60, protoUDP, 64
	n := len(p) - ipv6Header
	binary.BigEndian.PutUint16(h[4:], uint16(n))
	a, b := src.As16(), dst.As16()
	copy(h[8:], a[:])
	copy(h[24:], b[:])
	udp(p[ipv6Header:], from.Port(), to.Port(), sum(uint32(n)+protoUDP, h[8:]))
}

// udp fills in a UDP header. pseudo is the sum of the pseudo header, 0 to leave the checksum out (IPv4 only, RFC 768).
func udp(p []byte, src, dst uint16, pseudo uint32) {
	binary.BigEndian.PutUint16(p, src)
	binary.BigEndian.PutUint16(p[2:], dst)
	binary.BigEndian.PutUint16(p[4:], uint16(len(p)))
	p[6], p[7] = 0, 0
	if pseudo != 0 {
		c := ^fold(sum(pseudo, p))
		if c == 0 {
			c = 0xffff
		}
		binary.BigEndian.PutUint16(p[6:], c)
	}
}

// sum adds up 16-bit words (RFC 1071).
func sum(s uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		s += uint32(b[0])<<8 | uint32(b[1])
		if s > 0xffff0000 {
			s = uint32(fold(s))
		}
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	return s
}

func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
