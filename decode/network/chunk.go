package network

// chunkKind says which of the two chunks with user data a dataChunk is.
type chunkKind uint8

const (
	chunkNone chunkKind = iota // another chunk
	chunkData
	chunkIData
)

const (
	chunkHeader   = 4
	dataHeader    = 16 // RFC 9260 3.3.1: type, flags, length; TSN; stream, stream sequence number; PPID
	idataHeader   = 20 // RFC 8260 2.1: type, flags, length; TSN; stream, reserved; MID; PPID or FSN
	typeData      = 0
	typeIData     = 64
	flagEnd       = 1
	flagBegin     = 2
	flagUnordered = 4
)

// dataChunk is a DATA or I-DATA chunk. data is borrowed from the packet.
type dataChunk struct {
	kind      chunkKind
	begin     bool
	end       bool
	unordered bool
	cut       bool // the capture has not all of it
	sid       uint16
	ssn       uint32 // stream sequence number; of I-DATA the message identifier
	tsn       uint32
	ppid      uint32 // of I-DATA valid iff begin
	fsn       uint32 // valid iff kind is chunkIData
	data      []byte
}

// next reads the chunk at the beginning of b and returns what follows. ok is false if there is none.
func (c *dataChunk) next(b []byte) (rest []byte, ok bool) {
	*c = dataChunk{}
	if len(b) < chunkHeader {
		return nil, false // at most padding
	}
	length := int(be16(b[2:]))
	if length < chunkHeader {
		return b, false
	}
	c.cut = length > len(b)
	body := b[:min(length, len(b))]
	rest = b[min((length+3)&^3, len(b)):]
	switch {
	case b[0] == typeData && len(body) >= dataHeader:
		c.kind, c.ssn, c.ppid, c.data = chunkData, uint32(be16(body[10:])), be32(body[12:]), body[dataHeader:]
	case b[0] == typeIData && len(body) >= idataHeader:
		c.kind, c.ssn, c.data = chunkIData, be32(body[12:]), body[idataHeader:]
		if b[1]&flagBegin != 0 {
			c.ppid = be32(body[16:])
		} else {
			c.fsn = be32(body[16:])
		}
	default:
		return rest, true
	}
	c.end, c.begin, c.unordered = b[1]&flagEnd != 0, b[1]&flagBegin != 0, b[1]&flagUnordered != 0
	c.tsn, c.sid = be32(body[4:]), be16(body[8:])
	return rest, true
}

// group names the message of an I-DATA chunk: its fragments need not have consecutive TSNs. It is never 0, the group of
// all DATA chunks.
func (c *dataChunk) group() uint64 {
	g := 1<<63 | uint64(c.sid)<<32 | uint64(c.ssn)
	if c.unordered {
		g |= 1 << 62
	}
	return g
}
