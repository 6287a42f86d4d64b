package decode

import (
	"container/list"

	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/tls"
)

const (
	// maxTLS is how many TLS connections are followed at a time, as many as directions of TCP allow. Those that were
	// silent for longest are given up first.
	maxTLS = 1 << 15
	// maxWaiting and maxWaitingBytes bound the records that wait for the hello of the other side, of one connection:
	// the first flight of a server, with its certificates. All connections together may hold maxWaitingTotal.
	maxWaiting      = 64
	maxWaitingBytes = 256 << 10
	maxWaitingTotal = 16 << 20
	// TLSOpened is what Stats.TLS calls a connection that was read.
	TLSOpened = "opened"
	// secretTLS is the type of a decryption secrets block that holds a TLS key log ("TLSK").
	secretTLS = 0x544c534b
	// closeNotify is the alert that ends a direction (RFC 8446 6.1).
	closeNotify = 0
)

var tlsProtocol = &network.Protocol{
	Name:      "tls",
	Start:     tls.IsHello,
	Maybe:     tls.MaybeHello,
	Frame:     tls.Frame,
	Resync:    tls.Resync,
	Continues: tls.IsRecord,
	Tail:      func(b []byte) int { return min(len(b), tls.HeaderLen-1) },
	Carrier:   true,
}

// secure opens TLS connections and puts what they carry into streams of its own.
type secure struct {
	log, found tls.Keys // of the key log, of the captures
	streams    *network.Streams
	conns      map[network.Connection]*list.Element
	age        *list.List // of *secureConn, oldest use first
	waiting    int        // bytes that wait
	counts     map[string]uint64
	packet     network.Packet
	isn        uint32 // sequence number of the last beginning
	carries    bool   // signalling came out of the record at hand
	frame      uint32
	file       uint16
	sub        uint16 // of the next message of frame
}

// secureConn is one TLS connection.
type secureConn struct {
	key     network.Connection
	conn    *tls.Conn
	side    [2]secureSide
	waiting []waitingRecord
	bytes   int
}

// secureSide is one direction of it.
type secureSide struct {
	next  uint32 // TCP sequence number behind the last record; valid iff seen
	out   uint32 // sequence number of what comes out next; valid iff begun
	seen  bool
	begun bool
	data  bool // application data were seen
	// waits says that a record waits, and so do those behind it.
	waits bool
}

// waitingRecord is a record that cannot be opened yet.
type waitingRecord struct {
	side int
	msg  network.Message // with data and frames of its own
}

func newSecure(opt *Options) *secure {
	s := &secure{
		streams: network.NewStreams(opt.Limits.Streams, Protocols()...),
		conns:   map[network.Connection]*list.Element{}, age: list.New(), counts: map[string]uint64{},
	}
	s.log.Add(opt.KeyLog)
	s.streams.Count = func(_ uint32, signalling bool, _ network.Class) { s.carries = s.carries || signalling }
	return s
}

// learn takes the secrets that the captures hold.
func (s *secure) learn(secrets []capture.Secret) {
	for i := range secrets {
		if secrets[i].Type == secretTLS {
			s.found.Add(secrets[i].Data)
		}
	}
}

// number numbers the messages that the records of one frame complete.
func (s *secure) number(m *network.Message) {
	if m.Origin.Frame != s.frame || m.Origin.File != s.file {
		s.frame, s.file, s.sub = m.Origin.Frame, m.Origin.File, 0
	}
	m.Sub = s.sub
	s.sub++
}

// record takes a TLS record.
func (s *secure) record(m *network.Message) {
	key, n := m.Connection()
	c := s.get(key)
	if tls.IsClientHello(m.Data) && c.conn.Sealed(n) && (c.side[0].data || c.side[1].data) { // the ports are used again
		s.finish(c)
		c = s.get(key)
	}
	side := &c.side[n]
	if side.seen && side.next != m.Seq {
		c.conn.Lost(n)
		s.gap(c, n, m)
	}
	side.next, side.seen = m.Seq+uint32(len(m.Data)), true
	if side.waits || s.open(c, n, m) == tls.Later {
		s.wait(c, n, m)
	}
	if len(c.waiting) > 0 && (c.conn.Complete() || c.conn.Reason() != "") {
		list := c.waiting
		s.forget(c)
		for i := range list {
			s.open(c, list[i].side, &list[i].msg)
		}
	}
	switch {
	case s.carries:
		m.Verdict = network.Carries
	case c.conn.Reason() != "":
		m.Verdict = network.Useless
	}
	s.carries = false
}

// open opens a record and takes what it carries.
func (s *secure) open(c *secureConn, n int, m *network.Message) tls.Result {
	r := c.conn.Record(n, m.Data)
	if r == tls.Failed && c.side[n].data {
		s.gap(c, n, m)
	}
	if r != tls.Read {
		return r
	}
	switch data := c.conn.Data; {
	case c.conn.Type == tls.TypeData && len(data) > 0:
		c.side[n].data = true
		s.add(c, n, m, data, uint32(len(data)), 0)
	case c.conn.Type == tls.TypeAlert && len(data) == 2 && data[1] == closeNotify && c.side[n].data:
		s.add(c, n, m, nil, 0, network.FlagFIN)
	}
	return r
}

// gap says that something is missing in what a side sends.
func (s *secure) gap(c *secureConn, n int, m *network.Message) {
	if c.side[n].begun {
		s.add(c, n, m, nil, 1, 0) // one byte that nobody has
	}
}

// add puts bytes that came out of a connection into the streams, as a segment of TCP would bring them.
func (s *secure) add(c *secureConn, n int, m *network.Message, data []byte, length uint32, flags uint8) {
	side := &c.side[n]
	p := &s.packet
	*p = network.Packet{Kind: network.Segment, Proto: network.TLS, Src: m.Src, Dst: m.Dst, Path: m.Path, Weight: 1, Form: -1}
	if !side.begun {
		s.isn += 1 << 28 // so that no connection looks like the one before
		p.TCP = network.TCPInfo{Seq: s.isn, Flags: network.FlagSYN}
		s.streams.Add(p, m.Origin)
		side.begun, side.out = true, s.isn+1
	}
	p.TCP = network.TCPInfo{Seq: side.out, Len: length, Flags: flags}
	p.Payload, p.Frames = data, m.Frames
	s.streams.Add(p, m.Origin)
	side.out += length
}

// wait keeps a record until the hello of the other side is there.
func (s *secure) wait(c *secureConn, n int, m *network.Message) {
	if len(c.waiting) >= maxWaiting || c.bytes+len(m.Data) > maxWaitingBytes || s.waiting+len(m.Data) > maxWaitingTotal {
		return
	}
	w := waitingRecord{side: n, msg: *m}
	w.msg.Data, w.msg.Frames = append([]byte(nil), m.Data...), append([]uint32(nil), m.Frames...)
	c.waiting = append(c.waiting, w)
	c.side[n].waits = true
	c.bytes += len(m.Data)
	s.waiting += len(m.Data)
}

// forget lets go of the records that wait.
func (s *secure) forget(c *secureConn) {
	s.waiting -= c.bytes
	c.waiting, c.bytes = nil, 0
	c.side[0].waits, c.side[1].waits = false, false
}

// get gives the connection with this name, a new one if there is none.
func (s *secure) get(key network.Connection) *secureConn {
	if e, ok := s.conns[key]; ok {
		s.age.MoveToBack(e)
		return e.Value.(*secureConn)
	}
	if len(s.conns) >= maxTLS {
		s.finish(s.age.Front().Value.(*secureConn))
	}
	c := &secureConn{key: key, conn: tls.NewConn(&s.log, &s.found)}
	s.conns[key] = s.age.PushBack(c)
	return c
}

// finish counts a connection and forgets it.
func (s *secure) finish(c *secureConn) {
	s.counts[c.outcome()]++
	s.forget(c)
	s.age.Remove(s.conns[c.key])
	delete(s.conns, c.key)
}

// outcome says what became of a connection.
func (c *secureConn) outcome() string {
	switch {
	case c.conn.Reason() != "":
		return c.conn.Reason()
	case !c.conn.Complete():
		return tls.NoHandshake
	}
	return TLSOpened
}

// flush delivers what is left and counts the connections that are open still.
func (s *secure) flush() {
	s.streams.Flush()
	for s.age.Len() > 0 {
		s.finish(s.age.Front().Value.(*secureConn))
	}
}

// tally gives the connections by what became of them, with those that were under way before the capture.
func (s *secure) tally(late uint64) map[string]uint64 {
	if late > 0 {
		s.counts[tls.NoHandshake] += late
	}
	return s.counts
}
