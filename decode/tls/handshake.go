package tls

import "encoding/binary"

// Handshake message types (RFC 8446 4, RFC 5246 7.4).
const (
	msgClientHello    = 1
	msgServerHello    = 2
	msgEndOfEarlyData = 5
	msgFinished       = 20
	msgKeyUpdate      = 24
)

const (
	handshakeHeader = 4
	// maxHello bounds a hello that is kept: with post-quantum key shares and tickets they have some KiB.
	maxHello = 1 << 16
)

// messages cuts the bytes of handshake records into messages, of which only hellos are kept.
type messages struct {
	buf  []byte
	skip int  // bytes of a message that nobody reads
	typ  byte // of that message
}

// feed takes bytes and calls fn for each message that they end; body is nil but for hellos.
func (m *messages) feed(b []byte, fn func(typ byte, body []byte)) {
	for len(b) > 0 {
		if m.skip > 0 {
			n := min(m.skip, len(b))
			b = b[n:]
			if m.skip -= n; m.skip == 0 {
				fn(m.typ, nil)
			}
			continue
		}
		if len(m.buf) < handshakeHeader {
			n := min(handshakeHeader-len(m.buf), len(b))
			m.buf, b = append(m.buf, b[:n]...), b[n:]
			if len(m.buf) < handshakeHeader {
				return
			}
		}
		typ, length := m.buf[0], int(m.buf[1])<<16|int(binary.BigEndian.Uint16(m.buf[2:]))
		if typ != msgClientHello && typ != msgServerHello || length > maxHello {
			m.buf, m.typ, m.skip = m.buf[:0], typ, length
			if length == 0 {
				fn(typ, nil)
			}
			continue
		}
		n := min(handshakeHeader+length-len(m.buf), len(b))
		m.buf, b = append(m.buf, b[:n]...), b[n:]
		if len(m.buf) == handshakeHeader+length {
			fn(typ, m.buf[handshakeHeader:])
			m.buf = m.buf[:0]
		}
	}
}

func (m *messages) reset() { m.buf, m.skip = nil, 0 }

// Extensions of a ServerHello.
const (
	extEncryptThenMAC    = 22 // RFC 7366
	extSupportedVersions = 43
)

// retryRandom is the random of a ServerHello that asks for another ClientHello (RFC 8446 4.1.3).
const retryRandom = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

// clientRandom takes the random out of a ClientHello (RFC 8446 4.1.2).
func clientRandom(b []byte) (r [randomLen]byte, ok bool) {
	if len(b) < 2+randomLen {
		return r, false
	}
	return [randomLen]byte(b[2:]), true
}

// serverHello is what a ServerHello says (RFC 8446 4.1.3, RFC 5246 7.4.1.3).
type serverHello struct {
	version        uint16
	random         [randomLen]byte
	suite          uint16
	compression    byte
	encryptThenMAC bool
	retry          bool
}

func parseServerHello(b []byte) (h serverHello, ok bool) {
	if len(b) < 2+randomLen+1 {
		return h, false
	}
	h.version, h.random = binary.BigEndian.Uint16(b), [randomLen]byte(b[2:])
	h.retry = string(h.random[:]) == retryRandom
	b = b[2+randomLen:]
	id := int(b[0])
	if len(b) < 1+id+3 {
		return h, false
	}
	b = b[1+id:]
	h.suite, h.compression, b = binary.BigEndian.Uint16(b), b[2], b[3:]
	if len(b) < 2 {
		return h, true
	}
	for b = b[2:]; len(b) >= 4; {
		typ, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			break
		}
		switch {
		case typ == extEncryptThenMAC:
			h.encryptThenMAC = true
		case typ == extSupportedVersions && n == 2:
			h.version = binary.BigEndian.Uint16(b)
		}
		b = b[n:]
	}
	return h, true
}
