package tls

import (
	"encoding/binary"
	"fmt"
)

const (
	// maxSkip is how many lost records are looked behind: 2 MiB of full ones, or as many short messages as a gap of TCP
	// is worth waiting for.
	maxSkip = 128
	// maxFailures is how many records in a row may stay closed before a connection is given up.
	maxFailures = 32
)

// Why a connection stays closed. A cipher suite or version that is not read has its number behind the word.
const (
	NoKey       = "tls-no-key"
	NoHandshake = "tls-no-handshake"
	Damaged     = "tls-damaged"
	Compressed  = "tls-compressed"
	otherSuite  = "tls-cipher 0x%04x"
	otherOld    = "tls-version 0x%04x"
)

// Result is what became of a record.
type Result uint8

const (
	// Read: the record is done with; Conn.Type and Conn.Data are valid.
	Read Result = iota
	// Later: the hello of the other side is missing so far. Give the record again after the next one of that side.
	Later
	// Failed: the record could not be opened; later ones may.
	Failed
	// Shut: the connection cannot be opened; Conn.Reason says why.
	Shut
)

// Conn is a recorded connection.
type Conn struct {
	// Type and Data are what the last record that was Read carries: its content type and, of alerts and application
	// data, the content. Data is borrowed: it is valid until the next record.
	Type byte
	Data []byte

	keys   []*Keys
	sides  [2]side
	client int // which side it is; valid iff hasClient
	random [randomLen]byte
	hello  serverHello
	suite  suite

	hasClient, hasServer, opened bool

	reason string
	buf    []byte
}

// side is one direction.
type side struct {
	messages
	sealed   bool // records are encrypted
	lost     bool // the number of the next record is a guess
	update   bool // the keys change behind this record
	finished bool
	prot     protection
	next     protection // after ChangeCipherSpec
	seq      uint64
	failures int
	phases   []phase // TLS 1.3: what comes after prot
	secret   []byte  // TLS 1.3: behind prot, where it is the last of the phases
	partial  bool    // TLS 1.3: secrets are missing of what comes before the application's data
}

// phase is a stretch of TLS 1.3 with keys of its own.
type phase struct {
	prot   protection
	secret []byte
}

// NewConn returns a connection of which nothing is known. Secrets are looked for in keys, in this order, when both hellos
// are there.
func NewConn(keys ...*Keys) *Conn { return &Conn{keys: keys} }

// Reason says why the connection stays closed, "" if it does not.
func (c *Conn) Reason() string { return c.reason }

// Opened reports whether a record was opened.
func (c *Conn) Opened() bool { return c.opened }

// Complete reports whether both hellos were seen.
func (c *Conn) Complete() bool { return c.hasClient && c.hasServer }

// Sealed reports whether the records of a side, 0 or 1, are encrypted by now.
func (c *Conn) Sealed(n int) bool { return c.sides[n].sealed }

// Lost notes that bytes of a side are missing before its next record.
func (c *Conn) Lost(n int) {
	c.sides[n].lost = true
	c.sides[n].messages.reset()
}

// Record takes the next record, with its header, of side 0 or 1. Which of them is the client is found out.
func (c *Conn) Record(n int, rec []byte) Result {
	c.Type, c.Data = 0, nil
	if c.reason != "" {
		return Shut
	}
	if !IsRecord(rec) {
		return Failed
	}
	s := &c.sides[n]
	c.Type = rec[0]
	modern := c.hasServer && c.hello.version == version13
	switch {
	case !s.sealed || modern && c.Type != TypeData:
		if c.Type == TypeHandshake {
			s.feed(rec[HeaderLen:], func(typ byte, body []byte) { c.message(n, typ, body) })
			break
		}
		if c.Type == TypeAlert || modern {
			break
		}
		if !c.Complete() {
			return Later
		}
		if c.Type == TypeChangeCipherSpec {
			s.change()
		}
	case !c.Complete():
		return Later
	default:
		if !c.open(s, rec) {
			return c.fail(s)
		}
		s.failures = 0
		c.opened = true
		switch c.Type {
		case TypeHandshake:
			s.feed(c.Data, func(typ byte, body []byte) { c.message(n, typ, body) })
			c.Data = nil
			c.turn(s)
		case TypeChangeCipherSpec:
			s.change()
			c.Data = nil
		}
	}
	if c.reason != "" {
		return Shut
	}
	return Read
}

// change takes the keys that were agreed on into use.
func (s *side) change() {
	if s.next != nil {
		s.prot, s.next, s.sealed, s.seq, s.lost = s.next, nil, true, 0, false
		s.messages.reset()
	}
}

// fail takes note of a record that stays closed.
func (c *Conn) fail(s *side) Result {
	c.Data = nil
	if s.partial {
		return Failed // of the handshake, whose secrets nobody needs
	}
	s.lost = true
	if s.failures++; s.failures > maxFailures {
		c.reason = Damaged
		return Shut
	}
	return Failed
}

// message takes a handshake message.
func (c *Conn) message(n int, typ byte, body []byte) {
	s := &c.sides[n]
	switch typ {
	case msgClientHello:
		if r, ok := clientRandom(body); ok && (!c.hasClient || c.hello.version != version13) {
			late := c.hasServer && !c.hasClient
			c.random, c.client, c.hasClient = r, n, true
			if late {
				c.agree()
			}
		}
	case msgServerHello:
		h, ok := parseServerHello(body)
		if !ok || h.retry {
			return
		}
		c.hello, c.hasServer = h, true
		if h.version == version13 {
			c.sides[0].sealed, c.sides[1].sealed = true, true
		}
		if c.hasClient {
			c.agree()
		}
	case msgFinished, msgEndOfEarlyData:
		s.finished = true
	case msgKeyUpdate:
		s.update = true
	}
}

// agree works out the keys once both hellos are there.
func (c *Conn) agree() {
	h := &c.hello
	var ok bool
	switch c.suite, ok = findSuite(h.suite); {
	case h.version < version10 || h.version > version13:
		c.reason = fmt.Sprintf(otherOld, h.version)
	case !ok || c.suite.modern != (h.version == version13):
		c.reason = fmt.Sprintf(otherSuite, h.suite)
	case h.compression != 0:
		c.reason = Compressed
	case h.version == version13:
		c.agree13()
	default:
		c.agree12()
	}
}

func (c *Conn) secret(l label) []byte {
	for _, k := range c.keys {
		if s := k.get(l, &c.random); s != nil {
			return s
		}
	}
	return nil
}

// agree12 prepares the keys that ChangeCipherSpec takes into use, up to TLS 1.2.
func (c *Conn) agree12() {
	mac, key, iv := c.suite.lengths(c.hello.version)
	master := c.secret(labelMaster)
	var b []byte
	switch {
	case master != nil:
		b = keyBlock(c.hello.version, c.suite.prf, master, &c.hello.random, &c.random, 2*(mac+key+iv))
	case c.suite.mode != modeNone:
		c.reason = NoKey
		return
	}
	take := func(n int) (one, two []byte) {
		if b == nil {
			return nil, nil
		}
		one, two, b = b[:n], b[n:2*n], b[2*n:]
		return one, two
	}
	var m, k, v [2][]byte
	m[0], m[1] = take(mac)
	k[0], k[1] = take(key)
	v[0], v[1] = take(iv)
	for i := range 2 {
		p, err := c.suite.protect(c.hello.version, c.hello.encryptThenMAC, m[i], k[i], v[i])
		if err != nil {
			c.reason = NoKey
			return
		}
		c.sides[c.client^i].next = p
	}
}

// agree13 prepares the keys of TLS 1.3. Secrets of single phases may be missing.
func (c *Conn) agree13() {
	found := false
	for i, names := range [2][]label{{labelClientEarly, labelClientHello, labelClientData}, {labelServerHello, labelServerData}} {
		s := &c.sides[c.client^i]
		s.phases, s.prot, s.seq, s.partial = s.phases[:0], nil, 0, false
		for _, l := range names {
			secret := c.secret(l)
			p, err := c.suite.protect13(secret)
			if err != nil {
				s.partial = s.partial || l != labelClientEarly
				continue
			}
			found = found || l == labelClientData || l == labelServerData
			s.phases = append(s.phases, phase{p, secret})
		}
		s.nextPhase()
	}
	if !found {
		c.reason = NoKey
	}
}

// nextPhase takes the keys of the next phase into use.
func (s *side) nextPhase() {
	if len(s.phases) > 0 {
		s.prot, s.secret, s.seq, s.phases = s.phases[0].prot, s.phases[0].secret, 0, s.phases[1:]
		s.messages.reset()
	}
}

// open undoes the protection of a record: Type and Data are what it carries.
func (c *Conn) open(s *side, rec []byte) bool {
	if c.hello.version != version13 {
		return c.try(s, s.prot, s.seq, rec)
	}
	if c.try(s, s.prot, s.seq, rec) {
		return c.inner()
	}
	for i := range s.phases { // what is left out was not used (early data), or is lost
		if c.try(s, s.phases[i].prot, 0, rec) {
			seq := s.seq
			s.phases = s.phases[i:]
			s.nextPhase()
			s.seq = seq
			return c.inner()
		}
	}
	if s.lost && len(s.phases) == 0 && s.secret != nil { // a key update may be among what is lost
		if secret, p := c.updated(s); p != nil && c.try(s, p, 0, rec) {
			s.secret, s.prot = secret, p
			return c.inner()
		}
	}
	return false
}

// try opens a record with these keys. It is number seq, or, after a loss, one of the next.
func (c *Conn) try(s *side, p protection, seq uint64, rec []byte) bool {
	if p == nil {
		return false
	}
	tries := 1
	if s.lost {
		tries = maxSkip
	}
	for i := range tries {
		out, ok := p.open(c.buf[:0], seq+uint64(i), rec)
		if cap(out) > cap(c.buf) {
			c.buf = out[:0]
		}
		if ok {
			c.Data, s.seq, s.lost, s.partial = out, seq+uint64(i)+1, false, false
			return true
		}
	}
	return false
}

// inner takes the content type from behind the content (RFC 8446 5.2).
func (c *Conn) inner() bool {
	b := c.Data
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	if len(b) == 0 {
		c.Type, c.Data = 0, nil
		return true
	}
	c.Type, c.Data = b[len(b)-1], b[:len(b)-1]
	return true
}

// turn changes the keys of TLS 1.3 behind the message that says so.
func (c *Conn) turn(s *side) {
	if c.hello.version == version13 {
		switch {
		case s.finished:
			s.nextPhase()
		case s.update && len(s.phases) == 0:
			if secret, p := c.updated(s); p != nil {
				s.secret, s.prot, s.seq = secret, p, 0
			}
		}
	}
	s.finished, s.update = false, false
}

// updated gives the keys behind a key update (RFC 8446 7.2), nil if there are none.
func (c *Conn) updated(s *side) ([]byte, protection) {
	secret, err := expandLabel(c.suite.prf, s.secret, "traffic upd", c.suite.prf.Size())
	if err != nil {
		return nil, nil
	}
	p, err := c.suite.protect13(secret)
	if err != nil {
		return nil, nil
	}
	return secret, p
}

// IsClientHello reports whether rec is a record that begins with a whole ClientHello, or its first piece.
func IsClientHello(rec []byte) bool {
	return IsHello(rec) && rec[HeaderLen] == msgClientHello && len(rec) >= HeaderLen+handshakeHeader+2 &&
		binary.BigEndian.Uint16(rec[HeaderLen+handshakeHeader:])>>8 == 3
}
