package pcapng

import (
	"io"

	"imscope/decode/capture"
)

// flushAt is how much is gathered before it is written.
const flushAt = 256 << 10

// Writer writes packets with the interfaces that they come from: name, link type, snap length and resolution of times.
// It belongs to one goroutine.
type Writer struct {
	w       io.Writer
	opt     Options
	buf     []byte
	numbers map[key]uint32 // of the interfaces of this section
	ifaces  []capture.Interface
	err     error
}

// Options of a Writer.
type Options struct {
	Application string
	Comment     string
	// Interface describes where a packet comes from; its Link and, if it is no power of ten, its Resolution are
	// set right. May be nil.
	Interface func(file uint16, iface uint32) capture.Interface
}

// key is what gets an interface of its own.
type key struct {
	file  uint16
	iface uint32
	link  capture.LinkType
}

// NewWriter begins a file.
func NewWriter(w io.Writer, opt Options) *Writer {
	n := &Writer{w: w, opt: opt}
	n.section()
	return n
}

func (n *Writer) section() {
	n.buf = AppendSection(n.buf, n.opt.Application, n.opt.Comment)
	n.numbers, n.ifaces = map[key]uint32{}, nil
}

// Describe writes an interface before its first packet comes, so that interfaces have the order that they have in
// the file they are of.
func (n *Writer) Describe(file uint16, iface uint32, link capture.LinkType) uint32 {
	k := key{file, iface, link}
	if id, ok := n.numbers[k]; ok {
		return id
	}
	f := capture.Interface{Resolution: Nanoseconds}
	if n.opt.Interface != nil {
		f = n.opt.Interface(file, iface)
	}
	if f.Link = link; f.Resolution > Nanoseconds {
		f.Resolution = Nanoseconds // finer units and powers of two: times are kept in nanoseconds
	}
	id := uint32(len(n.ifaces))
	n.numbers[k] = id
	n.ifaces = append(n.ifaces, f)
	n.buf = AppendInterface(n.buf, f)
	return id
}

// Packet writes a packet. pk is borrowed.
func (n *Writer) Packet(pk *capture.Packet) error {
	id := n.Describe(pk.File, pk.Iface, pk.Link)
	switch {
	case !pk.NoTime:
		n.buf = AppendPacket(n.buf, id, ticks(pk.Time, n.ifaces[id].Resolution), pk.Data, pk.OrigLen)
	case id != 0 && simple(pk, n.ifaces[id]):
		// Packets without a time are of the first interface of their section.
		n.section()
		n.Describe(pk.File, pk.Iface, pk.Link)
		n.buf = appendSimple(n.buf, pk.Data, pk.OrigLen)
	case simple(pk, n.ifaces[id]):
		n.buf = appendSimple(n.buf, pk.Data, pk.OrigLen)
	default:
		n.buf = AppendPacket(n.buf, id, 0, pk.Data, pk.OrigLen)
	}
	if len(n.buf) >= flushAt {
		return n.Flush()
	}
	return n.err
}

// Secrets writes decryption secrets, for the packets that follow.
func (n *Writer) Secrets(s capture.Secret) { n.buf = AppendSecrets(n.buf, s) }

// Span says when capturing began and ended, after the last packet: before the first one and after the last there may
// have been others, or silence.
func (n *Writer) Span(from, to int64) {
	if len(n.ifaces) > 0 {
		res := n.ifaces[0].Resolution
		end := ticks(to, res)
		if back := ticks(1e9, res); int64(end/back)*1e9+int64(end%back)*int64(1e9/back) < to {
			end++ // not before it ended
		}
		n.buf = appendStatistics(n.buf, 0, ticks(from, res), end)
	}
}

// simple reports whether a packet without a time can be written as one: its length must follow from the interface.
func simple(pk *capture.Packet, f capture.Interface) bool {
	n := pk.OrigLen
	if f.SnapLen > 0 {
		n = min(n, f.SnapLen)
	}
	return n == uint32(len(pk.Data))
}

// ticks gives a time in units of 10^-resolution s; what is before 1970 becomes 1970.
func ticks(ns int64, resolution uint8) uint64 {
	t := uint64(max(ns, 0))
	for range Nanoseconds - resolution {
		t /= 10
	}
	return t
}

// Flush writes what was gathered.
func (n *Writer) Flush() error {
	if n.err == nil && len(n.buf) > 0 {
		_, n.err = n.w.Write(n.buf)
	}
	n.buf = n.buf[:0]
	return n.err
}
