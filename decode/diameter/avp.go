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

// AVP is one attribute-value pair. Data borrows the message.
type AVP struct {
	Code uint32
	// Vendor is 0 for AVPs of the base protocol.
	Vendor uint32
	Flags  uint8
	// Off and Len are the whole AVP without padding, in bytes from the start of the message.
	Off, Len int
	Data     []byte
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
	w := walker{b: a.Data, base: a.Off + a.Len - len(a.Data)}
	return func(yield func(AVP) bool) { w.each(yield) }
}

// AVPs goes over the AVPs of the message, up to the first one that is broken.
func (m *Message) AVPs() iter.Seq[AVP] {
	w := walker{b: m.Raw[min(HeaderLen, len(m.Raw)):], base: HeaderLen}
	return func(yield func(AVP) bool) { w.each(yield) }
}

// walker reads AVPs one after the other.
type walker struct {
	b    []byte
	base int // offset of b in the message
	pos  int // where the next AVP starts, or where the broken one did
	end  int // where the last AVP ended, without its padding

	unpadded bool // the last AVP had no padding
	broken   bool
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
	if !w.header(a, w.pos) {
		// Some stacks forget to pad. Only where the padded place is impossible the unpadded one is
		// tried: in a sound message nothing changes.
		if w.end == w.pos || !w.header(a, w.end) {
			w.broken = true
			return false
		}
		w.pos, w.unpadded = w.end, true
	}
	w.end = w.pos + a.Len
	a.Off = w.base + w.pos
	w.pos = (w.end + 3) &^ 3
	if w.pos > len(w.b) {
		w.pos, w.unpadded = len(w.b), true
	}
	return true
}

// header reads the AVP at off of b and reports whether it can be one.
func (w *walker) header(a *AVP, off int) bool {
	b := w.b[off:]
	if len(b) < avpHeader {
		return false
	}
	flags := b[4]
	n := int(uint24(b[5:]))
	head := avpHeader
	a.Vendor = 0
	if flags&AVPVendor != 0 {
		head = avpVendorHeader
	}
	if n < head || n > len(b) || flags&avpReserved != 0 {
		return false
	}
	if head == avpVendorHeader {
		a.Vendor = binary.BigEndian.Uint32(b[8:])
	}
	a.Code, a.Flags, a.Len = binary.BigEndian.Uint32(b), flags, n
	a.Data = b[head:n:n]
	return true
}
