package network

import (
	"bytes"
	"cmp"
	"net/netip"
)

// Protocol is one way to cut the bytes of one direction of a TCP connection into messages.
type Protocol struct {
	Name string
	// Start reports whether b begins with a message.
	Start func(b []byte) bool
	// Maybe reports whether b, for which Start says no, could begin a message if more bytes came.
	Maybe func(b []byte) bool
	// Frame returns the length of the message that b begins with. n == 0 and err == nil: at least need more bytes
	// are wanted. err: b does not begin with a message.
	Frame func(b []byte) (n, need int, err error)
	// Resync returns the offset, above 0, of the next message in b, or -1.
	Resync func(b []byte) int
	// Blind says that Resync is sure enough to be used on a connection of unknown content.
	Blind bool
	// Tail is how many bytes at the end of b, in which Resync found nothing, may belong to the next message.
	Tail func(b []byte) int
	// Filler returns how many bytes at the beginning of b stand between messages and mean nothing. May be nil.
	Filler func(b []byte) int
	// Headed reports whether b has the header of its message to the end: then the need that Frame tells is exact. May
	// be nil.
	Headed func(b []byte) bool
	// Partial reports whether b, the beginning of a message whose rest is lost, is worth delivering. May be nil: it
	// never is.
	Partial func(b []byte) bool
	// Blank says that the header of a message ends with an empty line, so that Frame need not be asked before.
	Blank bool
	// Continues reports whether b begins with a message, where the connection is known to carry this protocol. May be
	// nil: the same as Start.
	Continues func(b []byte) bool
	// Carrier says that the messages carry other protocols, so that not each of them is signalling: Message.Verdict
	// tells.
	Carrier bool
	// Next returns the protocol that follows msg on the connection; nil is none that is known. May be nil: the same.
	Next func(msg []byte) *Protocol
}

// Message is one message of a TCP connection or an SCTP association. It is borrowed: all of it is valid until the
// Deliver function it was given to returns.
type Message struct {
	Protocol *Protocol
	Data     []byte
	Src, Dst netip.AddrPort
	// Seq is the TCP sequence number of the first byte of Data; 0 over SCTP.
	Seq    uint32
	Path   Path
	Origin Origin   // of the last of Frames
	Frames []uint32 // that carried the message, ascending
	Sub    uint16   // number of the message among those of Origin.Frame, from 0
	// Incomplete: the end of the message is lost.
	Incomplete bool
	// Overlap: segments contradicted each other; the first copy was kept.
	Overlap bool
	// Verdict is set by the Deliver function, for messages of a Carrier.
	Verdict Verdict

	key flowKey
}

// Verdict says what a message of a Carrier brought.
type Verdict uint8

const (
	Undecided Verdict = iota // nothing of interest so far
	Carries                  // signalling
	Useless                  // nothing, and neither will any later message of this direction
)

// Connection names a TCP connection on one link. It is comparable.
type Connection struct{ key flowKey }

// Connection returns the connection of a message over TCP, and which of its two sides sent it: 0 or 1, always the same
// number for the same side.
func (m *Message) Connection() (c Connection, side int) {
	a, b := m.key, m.key.reverse()
	if n := cmp.Or(bytes.Compare(a.src[:], b.src[:]), cmp.Compare(a.srcPort, b.srcPort)); n > 0 {
		return Connection{b}, 1
	}
	return Connection{a}, 0
}
