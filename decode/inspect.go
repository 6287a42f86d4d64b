package decode

import (
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// isDiameter reports whether a datagram carries Diameter. It looks at the content alone: ports say nothing.
func isDiameter(p *network.Packet) bool { return p.Proto != network.UDP && diameter.IsStart(p.Payload) }

// inspect names a datagram that carries no message. It looks at the content alone: ports say nothing (RFC 3261 18.1.1
// lets everyone choose, and IPsec does).
func inspect(p *network.Packet) network.Class {
	if p.HEP.Version != 0 {
		return network.ClassHEP
	}
	return udpClass(p.Payload)
}

// cutShort reports whether the capture cut a datagram so short that nobody can tell whether it was a message.
func cutShort(p *network.Packet) bool {
	return p.Truncated && (len(p.Payload) == 0 || !sip.IsStart(p.Payload) && maybeSIP(p.Payload))
}

// udpClass names a UDP payload that is no signalling.
func udpClass(b []byte) network.Class {
	const (
		stunCookie = 0x2112a442 // RFC 8489 5
		stunHeader = 20
		maxFiller  = 4 // CRLFCRLF, or four zero bytes
	)
	switch {
	case len(b) <= maxFiller && isFiller(b):
		return network.ClassKeepAlive
	case len(b) >= stunHeader && b[0] < 2 && uint32(b[4])<<24|uint32(b[5])<<16|uint32(b[6])<<8|uint32(b[7]) == stunCookie:
		return network.ClassSTUN
	}
	return network.ClassUDP
}

// isFiller reports whether b is what phones send to keep a NAT binding: line ends, zero bytes, or "jaK".
func isFiller(b []byte) bool {
	if string(b) == "jaK" {
		return true
	}
	for _, c := range b {
		if c != '\r' && c != '\n' && c != 0 {
			return false
		}
	}
	return true
}
