package network

import "encoding/binary"

// Fields of an IEEE 802.11 header (IEEE 802.11 9.2.3, 9.3.2). gopacket's decoder is not used: it allocates and cuts four
// bytes off the end as a checksum that captures seldom have.
const (
	dot11Header     = 24
	dot11Data       = 2    // frame type
	dot11NoData     = 0x40 // in the subtype: no frame body
	dot11QoS        = 0x80 // in the subtype: QoS control follows
	dot11ToDS       = 0x01
	dot11FromDS     = 0x02
	dot11More       = 0x04 // more fragments
	dot11Protected  = 0x40
	dot11Order      = 0x80
	dot11AMSDU      = 0x80 // in the QoS control
	dot11FragNumber = 0x0f
)

// dot11 reads an 802.11 frame. padded says that the header is padded to four bytes.
func (w *Walker) dot11(p *Packet, b []byte, padded bool) {
	if len(b) < 2 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	control, flags := b[0], b[1]
	if control>>2&3 != dot11Data || control&dot11NoData != 0 {
		p.other(ClassWLAN)
		return
	}
	header := dot11Header
	if flags&(dot11ToDS|dot11FromDS) == dot11ToDS|dot11FromDS {
		header += 6 // a fourth address
	}
	qos := header
	if control&dot11QoS != 0 {
		header += 2
		if flags&dot11Order != 0 {
			header += 4 // HT control
		}
	}
	if padded {
		header = (header + 3) &^ 3
	}
	switch {
	case len(b) < header:
		p.fail(ReasonLinkTruncated, 0)
		return
	case flags&dot11Protected != 0:
		p.fail(ReasonWLANProtected, 0)
		return
	case flags&dot11More != 0 || b[22]&dot11FragNumber != 0:
		p.fail(ReasonWLANFragment, 0)
		return
	}
	w.seen(LayerDot11, b[:header])
	amsdu := control&dot11QoS != 0 && b[qos]&dot11AMSDU != 0
	b = b[header:]
	if amsdu { // destination, source, length before the first of several frames; the others are not read
		if len(b) < 14 {
			p.fail(ReasonLinkTruncated, 0)
			return
		}
		w.seen(LayerEthernet, b[:14])
		b = p.trim(b[14:], int(be16(b[12:])))
	}
	w.llc(p, b)
}

// radiotap reads a radiotap header (radiotap.org): version, pad, length, bit words of the fields present; little-endian.
// Only the flag for padded headers is of interest.
func (w *Walker) radiotap(p *Packet, b []byte) {
	const (
		presentTSFT  = 1 << 0
		presentFlags = 1 << 1
		presentMore  = 1 << 31
		flagPadded   = 0x20
	)
	if len(b) < 8 {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	length := int(binary.LittleEndian.Uint16(b[2:]))
	if b[0] != 0 || length < 8 {
		p.fail(ReasonLinkHeader, 0)
		return
	}
	if length > len(b) {
		p.fail(ReasonLinkTruncated, 0)
		return
	}
	head := b[:length]
	present := binary.LittleEndian.Uint32(head[4:])
	off := 8
	for more := present; more&presentMore != 0 && off+4 <= len(head); off += 4 {
		more = binary.LittleEndian.Uint32(head[off:])
	}
	if present&presentTSFT != 0 {
		off = (off+7)&^7 + 8
	}
	padded := present&presentFlags != 0 && off < len(head) && head[off]&flagPadded != 0
	w.dot11(p, b[length:], padded)
}
