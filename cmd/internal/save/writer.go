package save

import (
	"fmt"
	"os"
	"time"

	"imscope/cmd/internal/pcapng"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
)

// Options of a Writer.
type Options struct {
	// Path is the file. With rotation, number and time are put before its extension: out_00001_20260302080010.pcapng.
	Path string
	// MaxBytes begins another file when one is as large; 0 never does.
	MaxBytes int64
	// Every begins another file after that time on the capture's clock; 0 never does.
	Every time.Duration
	// Keep removes the oldest files beyond that number; 0 keeps all.
	Keep int
	// Application is written into the file.
	Application string
	// Input names the input of a packet by its File.
	Input func(file uint16) string
	// Notice is called with what went wrong. Writing goes on as soon as it can.
	Notice func(string)
	// Own is called with each file that was made, to give it to another user; may be nil.
	Own func(*os.File) error
}

// Counters tell how writing went.
type Counters struct {
	Packets uint64
	Bytes   uint64
	Files   uint64 // that were begun
	Kept    uint64 // files of them that are still there, as far as this Writer removes them
	Missed  uint64 // signalling that could not be written: disk full, or its store was full
}

// Writer writes packets that carried signalling. It belongs to one goroutine.
type Writer struct {
	opt     Options
	out     output
	store   *store
	cur     *capture.Packet // the packet that is being decoded
	done    uint32          // the last frame written that is not in the store
	flows   map[flow]bool
	ifaces  map[ifaceKey]uint32
	pending []byte   // whole blocks that are not in the file yet
	waiting Counters // what of them is packets
	holds   bool     // the section has a packet
	clock   int64
	counted Counters
}

// ifaceKey is what gets an interface description of its own.
type ifaceKey struct {
	file uint16
	link capture.LinkType
}

// New makes the first file.
func New(opt Options) (*Writer, error) {
	w := &Writer{opt: opt, store: newStore(), flows: map[flow]bool{}, ifaces: map[ifaceKey]uint32{}}
	w.out.opt = &w.opt
	if err := w.out.open(time.Now().UnixNano()); err != nil {
		return nil, err
	}
	w.out.since = 0
	w.begin()
	return w, w.Flush()
}

// begin starts a section.
func (w *Writer) begin() {
	clear(w.ifaces)
	w.holds = false
	w.pending = pcapng.AppendSection(w.pending, w.opt.Application, "")
	w.counted.Files++
}

// Packet takes note of a packet that may be signalling: decode.Options.Packet.
func (w *Writer) Packet(pk *capture.Packet, p *network.Packet) {
	w.cur = pk
	switch p.Kind {
	case network.Segment, network.Chunks, network.Sealed:
		f := flowOf(p)
		// All of a connection that carries signalling is written, so that it can be followed again: keep-alives
		// between the messages, acknowledgements, its end.
		if w.flows[f] || w.flows[f.reverse()] && p.Kind == network.Segment && p.TCP.Len == 0 {
			w.current()
			return
		}
		w.store.add(pk, f)
	case network.Fragment:
		w.store.add(pk, flow{})
	}
}

// current writes the packet that is being decoded, once.
func (w *Writer) current() {
	if w.done != w.cur.Frame {
		w.done = w.cur.Frame
		w.write(w.cur)
	}
}

// Record writes what carried a message, before what follows it.
func (w *Writer) Record(rec *decode.Record) {
	for _, f := range rec.Frames {
		k := w.store.byFrame[f]
		switch {
		case k != nil && k.flow != (flow{}):
			w.connection(k.flow)
		case k != nil:
			w.kept(k)
		case w.cur != nil && w.cur.Frame == f:
			w.current()
		case !w.streamed(rec):
			w.counted.Missed++ // it waited for longer than the store holds
		}
	}
}

// streamed reports whether the message came over a connection whose packets are written as they come.
func (w *Writer) streamed(rec *decode.Record) bool {
	return rec.Proto != network.UDP && w.flows[flow{src: rec.Src, dst: rec.Dst}]
}

// connection writes all of a flow until now, and has it written from now on.
func (w *Writer) connection(f flow) {
	if w.flows[f] {
		return
	}
	if len(w.flows) >= maxFlows {
		clear(w.flows)
	}
	w.flows[f] = true
	for _, k := range w.store.take(f) {
		w.kept(k)
	}
}

// kept writes a packet of the store, once.
func (w *Writer) kept(k *kept) {
	if !k.written {
		k.written = true
		w.write(&k.packet)
	}
}

// maxPending is how much waits for the disk to have room again.
const maxPending = 4 << 20

// write appends a packet to what goes into the file next.
func (w *Writer) write(pk *capture.Packet) {
	if len(w.pending)+len(pk.Data) > maxPending {
		if w.Flush(); len(w.pending)+len(pk.Data) > maxPending {
			w.counted.Missed++
			return
		}
	}
	if !pk.NoTime {
		w.clock = pk.Time
	}
	key := ifaceKey{pk.File, pk.Link}
	id, ok := w.ifaces[key]
	if !ok {
		id = uint32(len(w.ifaces))
		w.ifaces[key] = id
		w.pending = pcapng.AppendInterface(w.pending, capture.Interface{
			Name: w.opt.Input(pk.File), Link: pk.Link, Resolution: pcapng.Nanoseconds,
		})
	}
	w.pending = pcapng.AppendPacket(w.pending, id, uint64(pk.Time), pk.Data, pk.OrigLen)
	w.holds = true
	w.waiting.Packets++
	w.waiting.Bytes += uint64(len(pk.Data))
}

// Flush brings everything into the file, and begins another one where it is time. Its error is the first of a row; it
// was given to Notice as well.
func (w *Writer) Flush() error {
	w.cur = nil
	if w.out.since == 0 {
		w.out.since = w.clock
	}
	if err := w.drain(); err != nil {
		return err
	}
	if w.holds && w.out.due(w.clock) {
		return w.next()
	}
	return nil
}

// drain brings everything into the file.
func (w *Writer) drain() error {
	if len(w.pending) == 0 {
		return nil
	}
	if err := w.out.write(w.pending); err != nil {
		return err
	}
	w.counted.Packets += w.waiting.Packets
	w.counted.Bytes += w.waiting.Bytes
	w.pending, w.waiting = w.pending[:0], Counters{}
	return nil
}

// next begins another file. What the old one did not take is lost: its blocks mean nothing without their section.
func (w *Writer) next() error {
	now := w.clock
	if now == 0 { // no packet has said what time it is
		now = time.Now().UnixNano()
	}
	if err := w.out.open(now); err != nil {
		w.out.stay(err)
		return err
	}
	w.out.since = w.clock
	w.counted.Missed += w.waiting.Packets
	w.pending, w.waiting = w.pending[:0], Counters{}
	w.begin()
	return w.drain()
}

// Reopen closes the file and opens it again under its name: somebody may have moved it away.
func (w *Writer) Reopen() error {
	w.out.stuck = false // it was asked for, and is answered
	w.Flush()
	return w.next()
}

// Counters tell how writing went.
func (w *Writer) Counters() Counters {
	c := w.counted
	c.Kept = c.Files - w.out.removed
	return c
}

// Path names the current file.
func (w *Writer) Path() string { return w.out.path }

// Close writes what is left.
func (w *Writer) Close() error {
	err := w.Flush()
	if len(w.pending) > 0 {
		err = fmt.Errorf("%s: %d bytes could not be written", w.out.path, len(w.pending))
	}
	if cerr := w.out.close(); err == nil {
		err = cerr
	}
	return err
}
