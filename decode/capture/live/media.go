package live

import "imscope/decode/capture"

// isMedia reports whether a packet is surely media: a UDP datagram, not in a tunnel, whose first bytes no message
// begins with (see filter.Default). It is asked when not everything can be taken.
func isMedia(link capture.LinkType, b []byte) bool {
	if link == capture.LinkEthernet {
		off := 12
		for off+4 <= len(b) && (b[off] == 0x81 && b[off+1] == 0 || b[off] == 0x88 && b[off+1] == 0xa8) {
			off += 4
		}
		if off+2 > len(b) {
			return false
		}
		b = b[off+2:]
	} else if link != capture.LinkRaw {
		return false
	}
	if len(b) < 20 {
		return false
	}
	udp := 40
	switch {
	case b[0]>>4 == 4 && b[9] == 17 && b[6]&0x3f == 0 && b[7] == 0:
		udp = int(b[0]&15) * 4
	case b[0]>>4 == 6 && b[6] == 17:
	default:
		return false
	}
	if len(b) < udp+12 {
		return false
	}
	for _, off := range []int{udp, udp + 2} {
		switch int(b[off])<<8 | int(b[off+1]) {
		case 4500, 4789, 8472, 4790, 6081, 37008, 1701, 6635, 2152, 5060, 5061:
			return false
		}
	}
	b = b[udp+8:]
	return (b[0]|b[1]|b[2]|b[3])&0x80 != 0
}
