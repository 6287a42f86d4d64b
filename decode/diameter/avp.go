package diameter

import (
	"encoding/binary"
	"iter"
)

// AVP flags (RFC 6733 4.1).
const (
	AVPVendor    = 0x80
	AVPMandatory = 0x40
	avpReserved  = 0x1f
)

const (
	avpHeader       = 8
	avpVendorHeader = 12
)

// The codes of Cx from firstCx up to sharedCx mean nothing else in a Cx message, with or without a vendor. Those behind
// have a meaning without: OC-OLR (RFC 7683 7), Load (RFC 8583 7).
const (
	firstCx  = AVPVisitedNetworkIdentifier
	sharedCx = 620
)

// AVP is one attribute-value pair. Data borrows the message.
type AVP struct {
	Code uint32
	// Vendor is 0 for AVPs of the base protocol. Where an AVP of Cx lacks its vendor flag, it is Vendor3GPP.
	Vendor uint32
	Flags  uint8
	// Off and Len are the whole AVP without padding, in bytes from the start of the message.
	Off, Len int
	Data     []byte

	cx bool // of a Cx message
}

// Uint32 returns the value of an Unsigned32, Integer32 or Enumerated; ok is false if it has not four
// bytes.
func (a *AVP) Uint32() (v uint32, ok bool) {
	if len(a.Data) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(a.Data), true
}

// AVPs goes over the AVPs inside a grouped AVP, up to the first one that is broken.
func (a *AVP) AVPs() iter.Seq[AVP] {
	w := walker{b: a.Data, base: a.Off + a.Len - len(a.Data), cx: a.cx}
	return func(yield func(AVP) bool) { w.each(yield) }
}

// AVPs goes over the AVPs of the message, up to the first one that is broken.
func (m *Message) AVPs() iter.Seq[AVP] {
	w := walker{b: m.Raw[min(HeaderLen, len(m.Raw)):], base: HeaderLen, cx: m.AppID == AppCx}
	return func(yield func(AVP) bool) { w.each(yield) }
}

// walker reads AVPs one after the other.
type walker struct {
	b    []byte
	base int // offset of b in the message
	pos  int // where the next AVP starts, or where the broken one did
	end  int // where the last AVP ended, without its padding

	cx     bool // of a Cx message
	gap    int  // where padding is missing, 0 if it is nowhere
	broken bool
}

func (w walker) each(yield func(AVP) bool) {
	var a AVP
	for w.next(&a) && yield(a) {
	}
}

// next reads the AVP at pos into a. It returns false at the end and at an AVP that cannot be.
func (w *walker) next(a *AVP) bool {
	if w.pos >= len(w.b) {
		return false
	}
	n := w.header(a, w.pos)
	if n == 0 || a.Flags&avpReserved != 0 {
		// Some stacks forget to pad. Only where nothing sound stands at the padded place the unpadded
		// one is tried: for a sound message nothing changes.
		var b AVP
		if m := w.header(&b, w.end); w.end != w.pos && m != 0 && b.Flags&avpReserved == 0 {
			w.pos, w.gap = w.end, w.end
			*a, n = b, m
		}
	}
	if n == 0 {
		w.broken = true
		return false
	}
	a.Off, a.Len = w.base+w.pos, n
	w.end = w.pos + n
	w.pos = (w.end + 3) &^ 3
	if w.pos > len(w.b) {
		w.pos, w.gap = len(w.b), len(w.b)
	}
	return true
}

// header reads the AVP at off of b into a, all but its place, and returns its length, 0 if it is
// shorter than its header or longer than b.
func (w *walker) header(a *AVP, off int) int {
	b := w.b[off:]
	if len(b) < avpHeader {
		return 0
	}
	n := int(uint24(b[5:]))
	head := avpHeader
	if b[4]&AVPVendor != 0 {
		head = avpVendorHeader
	}
	if n < head || n > len(b) {
		return 0
	}
	a.Code, a.Flags, a.Vendor, a.cx = binary.BigEndian.Uint32(b), b[4], 0, w.cx
	switch {
	case head == avpVendorHeader:
		a.Vendor = binary.BigEndian.Uint32(b[avpHeader:])
	case w.cx && a.Code >= firstCx && a.Code < sharedCx:
		a.Vendor = Vendor3GPP
	}
	a.Data = b[head:n:n]
	return n
}
