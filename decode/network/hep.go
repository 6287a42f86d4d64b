package network

import (
	"encoding/binary"
	"net/netip"
)

// Chunk types of HEP version 3 (vendor 0).
const (
	hepChunkProtocol = 0x0002
	hepChunkIPv4Src  = 0x0003
	hepChunkIPv4Dst  = 0x0004
	hepChunkIPv6Src  = 0x0005
	hepChunkIPv6Dst  = 0x0006
	hepChunkSrcPort  = 0x0007
	hepChunkDstPort  = 0x0008
	hepChunkSeconds  = 0x0009
	hepChunkMicros   = 0x000a
	hepChunkType     = 0x000b
	hepChunkAgent    = 0x000c
	hepChunkPayload  = 0x000f
	hepChunkDeflated = 0x0010
)

const (
	hepMagic     = "HEP3"
	hepHeader    = 6 // magic, total length
	hepChunk     = 6 // vendor, type, length
	maxHEPChunks = 256
)

// hep reads a packet of a capture agent (HEP, version 1 to 3) and reports whether b is one. Endpoints, protocol and time
// become those that the agent reports.
func (w *Walker) hep(p *Packet, b []byte) bool {
	if isHEP3(b) {
		w.hep3(p, b)
		return true
	}
	return w.hepOld(p, b)
}

// isHEP3 reports whether b begins with HEP version 3.
func isHEP3(b []byte) bool { return len(b) >= hepHeader && string(b[:4]) == hepMagic }

// HEP3 reads one HEP version 3 message that came over a stream between the endpoints of p, and fills p anew except for
// its path.
func (w *Walker) HEP3(p *Packet, b []byte) {
	path := p.Path
	p.reset()
	p.Path = path
	w.hep3(p, b)
}

// hep3 reads HEP version 3: "HEP3", total length 2, then chunks of vendor 2, type 2, length 2 (all of the chunk), value.
func (w *Walker) hep3(p *Packet, b []byte) {
	if total := int(be16(b[4:])); total >= hepHeader {
		b = p.trim(b, total)
	}
	w.seen(LayerHEP3, b)
	b = b[hepHeader:]
	info := HEPInfo{Version: 3}
	var ports [2]uint16
	var seconds, micros uint32
	var src, dst netip.Addr
	var proto Proto
	var payload []byte
	found, deflated, short := false, false, p.cut > 0
	for n := 0; len(b) >= hepChunk && n < maxHEPChunks; n++ {
		vendor, kind, length := be16(b), be16(b[2:]), int(be16(b[4:]))
		if length < hepChunk {
			break
		}
		v := b[hepChunk:min(length, len(b))]
		cut := length > len(b)
		b = b[min(length, len(b)):]
		if vendor != 0 {
			continue
		}
		switch {
		case kind == hepChunkPayload || kind == hepChunkDeflated:
			payload, found, deflated, short = v, len(v) > 0 || !cut, kind == hepChunkDeflated, cut
		case cut:
		case kind == hepChunkProtocol && len(v) >= 1:
			proto = protoOf(v[0])
		case kind == hepChunkIPv4Src && len(v) >= 4:
			src = netip.AddrFrom4([4]byte(v))
		case kind == hepChunkIPv4Dst && len(v) >= 4:
			dst = netip.AddrFrom4([4]byte(v))
		case kind == hepChunkIPv6Src && len(v) >= 16:
			src = netip.AddrFrom16([16]byte(v))
		case kind == hepChunkIPv6Dst && len(v) >= 16:
			dst = netip.AddrFrom16([16]byte(v))
		case kind == hepChunkSrcPort && len(v) >= 2:
			ports[0] = be16(v)
		case kind == hepChunkDstPort && len(v) >= 2:
			ports[1] = be16(v)
		case kind == hepChunkSeconds && len(v) >= 4:
			seconds = be32(v)
		case kind == hepChunkMicros && len(v) >= 4:
			micros = be32(v)
		case kind == hepChunkType && len(v) >= 1:
			info.Type = v[0]
		case kind == hepChunkAgent && len(v) >= 4:
			info.Agent = be32(v)
		}
	}
	info.Time = hepTime(seconds, micros)
	p.HEP = info
	switch {
	case !p.enter(HopHEP3, info.Agent):
	case !found && short:
		p.fail(ReasonHEP, 0)
	case !found: // agents also send statistics and keep-alives
		p.other(ClassHEP)
	default:
		p.Src, p.Dst = netip.AddrPortFrom(src, ports[0]), netip.AddrPortFrom(dst, ports[1])
		p.Kind, p.Proto, p.Payload, p.Truncated = Datagram, proto, payload, short
		if deflated {
			p.Kind = Deflated
		}
	}
}

// hepOld reads HEP version 1 and 2: version, header length, family, protocol, ports, addresses; in version 2 then
// seconds, microseconds, agent and padding. Two bytes are a weak mark, so it also wants a message behind the header.
func (w *Walker) hepOld(p *Packet, b []byte) bool {
	const (
		header = 8
		tail   = 12
	)
	if len(b) < header || b[0] != 1 && b[0] != 2 {
		return false
	}
	size := 0
	switch b[2] {
	case afINET:
		size = 4
	case afINET6Linux, afINET6BSD, afINET6Free, afINET6Darwin:
		size = 16
	default:
		return false
	}
	length := header + 2*size
	full := length
	if b[0] == 2 {
		full += tail
	}
	// The length field of version 2 counts the tail with some agents and not with others.
	if n := int(b[1]); n != length && n != full || len(b) <= full || !w.signalling(b[full:]) {
		return false
	}
	info := HEPInfo{Version: b[0], Type: hepTypeSIP}
	if b[0] == 2 {
		t := b[length:]
		info.Time, info.Agent = hepOldTime(t), uint32(binary.LittleEndian.Uint16(t[8:]))
	}
	src, _ := netip.AddrFromSlice(b[header : header+size])
	dst, _ := netip.AddrFromSlice(b[header+size : length])
	p.HEP = info
	if p.enter(HopHEP, info.Agent) {
		w.seen(LayerHEP, b)
		p.Src, p.Dst = netip.AddrPortFrom(src, be16(b[4:])), netip.AddrPortFrom(dst, be16(b[6:]))
		p.Kind, p.Proto, p.Payload, p.Truncated = Datagram, protoOf(b[3]), b[full:], p.cut > 0
	}
	return true
}

// hepTypeSIP is the protocol type of SIP.
const hepTypeSIP = 1

// hepOldTime reads the time of HEP version 2, which agents write in the byte order of their machine.
func hepOldTime(b []byte) int64 {
	if s, us := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]); us < 1e6 {
		return hepTime(s, us)
	}
	return hepTime(be32(b), be32(b[4:]))
}

// hepTime returns nanoseconds since the epoch, 0 for no time.
func hepTime(seconds, micros uint32) int64 {
	if micros >= 1e6 {
		micros = 0
	}
	return int64(seconds)*1e9 + int64(micros)*1e3
}

// protoOf names an IP protocol as a transport of messages.
func protoOf(ip byte) Proto {
	switch ip {
	case 6:
		return TCP
	case 17:
		return UDP
	case 132:
		return SCTP
	}
	return ProtoNone
}
