package network

// tzsp reads a TaZmen Sniffer Protocol packet and reports whether b is one: version 1, type, encapsulated protocol, tags
// up to tag 1.
func (w *Walker) tzsp(p *Packet, b []byte) bool {
	const (
		header        = 4
		typeReceived  = 0
		typeTransmit  = 1
		typeKeepAlive = 4
		typeOpener    = 5
		protoEthernet = 1
		protoDot11    = 18
		protoRadiotap = 127
		tagPadding    = 0
		tagEnd        = 1
		maxTags       = 64
	)
	if len(b) < header || b[0] != 1 {
		return false
	}
	kind, proto := b[1], be16(b[2:])
	switch kind {
	case typeReceived, typeTransmit:
	case typeKeepAlive, typeOpener:
		p.other(ClassKeepAlive)
		return true
	default:
		return false
	}
	b = b[header:]
	for range maxTags {
		if len(b) == 0 {
			return false
		}
		if b[0] == tagEnd {
			b = b[1:]
			switch {
			case !p.enter(HopTZSP, 0):
			case proto == protoEthernet:
				w.ethernet(p, b)
			case proto == protoDot11:
				w.dot11(p, b, false)
			case proto == protoRadiotap:
				w.radiotap(p, b)
			default:
				p.other(ClassLink)
			}
			return true
		}
		n := 1
		if b[0] != tagPadding {
			if len(b) < 2 {
				return false
			}
			n = 2 + int(b[1])
		}
		b = b[min(n, len(b)):]
	}
	return false
}
