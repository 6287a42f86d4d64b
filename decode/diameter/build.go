package diameter

import "encoding/binary"

// Builder writes one message: the header first, then AVPs in the order of the calls. It is made for
// samples and tests and trusts its caller: an AVP or message beyond the 16 MiB that the format can
// express comes out with a wrong length.
type Builder struct {
	buf []byte
}

// NewRequest starts a proxiable request.
func NewRequest(command, app, hopByHop, endToEnd uint32) *Builder {
	return newBuilder(FlagRequest|FlagProxiable, command, app, hopByHop, endToEnd)
}

// NewAnswer starts a proxiable answer.
func NewAnswer(command, app, hopByHop, endToEnd uint32) *Builder {
	return newBuilder(FlagProxiable, command, app, hopByHop, endToEnd)
}

func newBuilder(flags uint8, command, app, hopByHop, endToEnd uint32) *Builder {
	b := &Builder{buf: make([]byte, HeaderLen, 512)}
	b.buf[0] = 1
	putUint24(b.buf[5:], command)
	b.buf[4] = flags
	binary.BigEndian.PutUint32(b.buf[8:], app)
	binary.BigEndian.PutUint32(b.buf[12:], hopByHop)
	binary.BigEndian.PutUint32(b.buf[16:], endToEnd)
	return b
}

func putUint24(b []byte, v uint32) { b[0], b[1], b[2] = byte(v>>16), byte(v>>8), byte(v) }

// SetFlags replaces the command flags.
func (b *Builder) SetFlags(flags uint8) { b.buf[4] = flags }

// Message returns the message. The Builder must not be used afterwards.
func (b *Builder) Message() []byte {
	putUint24(b.buf[1:], uint32(len(b.buf)))
	return b.buf
}

// Bytes adds an AVP. The vendor flag is set whenever vendor is not 0.
func (b *Builder) Bytes(code, vendor uint32, flags uint8, v []byte) {
	start := b.open(code, vendor, flags)
	b.buf = append(b.buf, v...)
	b.close(start)
}

// String adds a text AVP.
func (b *Builder) String(code, vendor uint32, flags uint8, v string) {
	start := b.open(code, vendor, flags)
	b.buf = append(b.buf, v...)
	b.close(start)
}

// U32 adds an Unsigned32 or Enumerated AVP.
func (b *Builder) U32(code, vendor uint32, flags uint8, v uint32) {
	start := b.open(code, vendor, flags)
	b.buf = binary.BigEndian.AppendUint32(b.buf, v)
	b.close(start)
}

// Group adds a grouped AVP with what fn adds.
func (b *Builder) Group(code, vendor uint32, flags uint8, fn func(*Builder)) {
	start := b.open(code, vendor, flags)
	fn(b)
	b.close(start)
}

func (b *Builder) open(code, vendor uint32, flags uint8) (start int) {
	start = len(b.buf)
	if vendor != 0 {
		flags |= AVPVendor
	}
	b.buf = binary.BigEndian.AppendUint32(b.buf, code)
	b.buf = append(b.buf, flags, 0, 0, 0)
	if flags&AVPVendor != 0 {
		b.buf = binary.BigEndian.AppendUint32(b.buf, vendor)
	}
	return start
}

// close writes the length, which does not count the padding, and pads.
func (b *Builder) close(start int) {
	putUint24(b.buf[start+5:], uint32(len(b.buf)-start))
	for len(b.buf)%4 != 0 {
		b.buf = append(b.buf, 0)
	}
}
