package network

import "net/netip"

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
	// Headed reports whether b has the header of its message to the end: then the need that Frame tells is exact, and
	// the message is worth delivering even if its rest is lost. May be nil.
	Headed func(b []byte) bool
	// Blank says that the header of a message ends with an empty line, so that Frame need not be asked before.
	Blank bool
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
}
