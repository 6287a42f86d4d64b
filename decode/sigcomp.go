package decode

import "imscope/decode/network"

// isSigComp reports whether a UDP payload that is nothing else can be a SigComp message (RFC 3320 7): five bits set, then
// feedback and either the identifier of a state or bytecode, which must fit. The ports have to agree, see sipPorts.
func isSigComp(p *network.Packet) bool {
	b := p.Payload
	if len(b) == 0 || b[0] < 0xf8 || p.Proto != network.UDP || p.HEP.Version != 0 {
		return false
	}
	rest := 1
	if b[0]&4 != 0 && len(b) > 1 { // returned feedback item
		if rest++; b[1]&0x80 != 0 {
			rest += int(b[1] & 0x7f)
		}
	}
	switch n := int(b[0] & 3); {
	case n > 0:
		rest += 3 * (n + 1) // partial state identifier
	case len(b) < rest+2:
		return p.Truncated
	default:
		code, destination := int(b[rest])<<4|int(b[rest+1])>>4, b[rest+1]&0xf
		if destination == 0 { // reserved
			return false
		}
		rest += 2 + code
	}
	return rest <= len(b) || p.Truncated
}

// sipPorts are the UDP ports at which SIP was seen, and its own. Compressed SIP cannot be told from noise elsewhere.
type sipPorts [1 << 16 / 64]uint64

func (s *sipPorts) add(port uint16) { s[port>>6] |= 1 << (port & 63) }

func (s *sipPorts) has(port uint16) bool { return s[port>>6]>>(port&63)&1 != 0 }
