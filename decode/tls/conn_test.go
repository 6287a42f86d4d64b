package tls

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// The randoms of all connections here.
var clientR, serverR = bytes.Repeat([]byte{0xc1}, 32), bytes.Repeat([]byte{0x5e}, 32)

func record(typ byte, body []byte) []byte {
	b := []byte{typ, 3, 3, byte(len(body) >> 8), byte(len(body))}
	return append(b, body...)
}

func message(typ byte, body []byte) []byte {
	return append([]byte{typ, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

func clientHello() []byte {
	b := append([]byte{3, 3}, clientR...)
	return message(msgClientHello, append(b, 0, 0, 2, 0x13, 1, 1, 0))
}

func serverHelloOf(suite uint16, random []byte, extensions ...byte) []byte {
	b := append([]byte{3, 3}, random...)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint16(b, suite)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(len(extensions)))
	return message(msgServerHello, append(b, extensions...))
}

var modern = []byte{0, 43, 0, 2, 3, 4}

func logLine(name string, secret []byte) []byte {
	return fmt.Appendf(nil, "%s %x %x\n", name, clientR, secret)
}

// sender protects records of TLS 1.3.
type sender struct {
	t      *testing.T
	suite  suite
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	seq    uint64
}

func newSender(t *testing.T, id uint16, secret []byte) *sender {
	s, ok := findSuite(id)
	if !ok {
		t.Fatalf("no suite %x", id)
	}
	out := &sender{t: t, suite: s, secret: secret}
	out.rekey(secret)
	return out
}

func (s *sender) rekey(secret []byte) {
	key, _ := expandLabel(s.suite.prf, secret, "key", s.suite.key)
	s.iv, _ = expandLabel(s.suite.prf, secret, "iv", 12)
	s.secret, s.seq = secret, 0
	var err error
	if s.suite.mode == modeChaCha {
		s.aead, err = chacha20poly1305.New(key)
	} else {
		c, _ := aes.NewCipher(key)
		s.aead, err = cipher.NewGCM(c)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sender) seal(typ byte, content []byte, padding int) []byte {
	inner := append(append(append([]byte(nil), content...), typ), make([]byte, padding)...)
	nonce := append([]byte(nil), s.iv...)
	for i := range 8 {
		nonce[4+i] ^= byte(s.seq >> (56 - 8*i))
	}
	s.seq++
	header := []byte{TypeData, 3, 3, byte((len(inner) + 16) >> 8), byte(len(inner) + 16)}
	return s.aead.Seal(header, nonce, inner, header)
}

func (s *sender) update() {
	next, _ := expandLabel(s.suite.prf, s.secret, "traffic upd", s.suite.prf.Size())
	s.rekey(next)
}

// take gives a record to the connection and checks what comes out.
func take(t *testing.T, c *Conn, side int, rec []byte, want Result, data string) {
	t.Helper()
	if got := c.Record(side, rec); got != want || string(c.Data) != data {
		t.Fatalf("result %d, %q (%s), want %d, %q", got, c.Data, c.Reason(), want, data)
	}
}

func TestModern(t *testing.T) {
	for _, id := range []uint16{0x1301, 0x1302, 0x1303} {
		s, _ := findSuite(id)
		secret := func(b byte) []byte { return bytes.Repeat([]byte{b}, s.prf.Size()) }
		var all Keys
		all.Add(logLine("CLIENT_HANDSHAKE_TRAFFIC_SECRET", secret(1)))
		all.Add(logLine("SERVER_HANDSHAKE_TRAFFIC_SECRET", secret(2)))
		all.Add(logLine("CLIENT_TRAFFIC_SECRET_0", secret(3)))
		all.Add(logLine("SERVER_TRAFFIC_SECRET_0", secret(4)))
		all.Add(logLine("EXPORTER_SECRET", secret(5)))
		if all.Len() != 4 {
			t.Fatalf("%d secrets", all.Len())
		}
		hello := func(keys ...*Keys) *Conn {
			c := NewConn(keys...)
			take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
			take(t, c, 1, record(TypeHandshake, serverHelloOf(id, serverR, modern...)), Read, "")
			return c
		}
		t.Run(fmt.Sprintf("%04x", id), func(t *testing.T) {
			c := hello(&all)
			server, client := newSender(t, id, secret(2)), newSender(t, id, secret(1))
			take(t, c, 1, record(TypeChangeCipherSpec, []byte{1}), Read, "")
			take(t, c, 1, server.seal(TypeHandshake, message(8, []byte{0, 0}), 0), Read, "")
			take(t, c, 1, server.seal(TypeHandshake, message(msgFinished, secret(9))[:9], 3), Read, "")
			take(t, c, 1, server.seal(TypeHandshake, message(msgFinished, secret(9))[9:], 0), Read, "")
			server.rekey(secret(4))
			take(t, c, 1, server.seal(TypeData, []byte("early"), 100), Read, "early")
			take(t, c, 0, client.seal(TypeHandshake, message(msgFinished, secret(9)), 0), Read, "")
			client.rekey(secret(3))
			take(t, c, 0, client.seal(TypeData, []byte("one"), 0), Read, "one")
			take(t, c, 0, client.seal(TypeHandshake, message(msgKeyUpdate, []byte{1}), 0), Read, "")
			client.update()
			take(t, c, 0, client.seal(TypeData, []byte("two"), 0), Read, "two")
			// Lost: 5 records.
			client.seq += 5
			c.Lost(0)
			take(t, c, 0, client.seal(TypeData, []byte("three"), 0), Read, "three")
			// Lost without a hole that anybody noticed: the record that fails says so.
			client.seq += 2
			take(t, c, 0, client.seal(TypeData, []byte("four"), 0), Failed, "")
			take(t, c, 0, client.seal(TypeData, []byte("five"), 0), Read, "five")
			// Lost with a key update among it.
			client.update()
			client.seq += 3
			c.Lost(0)
			take(t, c, 0, client.seal(TypeData, []byte("six"), 0), Read, "six")
			// Damaged.
			bad := client.seal(TypeData, []byte("seven"), 0)
			bad[9] ^= 1
			take(t, c, 0, bad, Failed, "")
			take(t, c, 0, client.seal(TypeData, []byte("eight"), 0), Read, "eight")
			take(t, c, 0, client.seal(TypeAlert, []byte{1, 0}, 0), Read, "\x01\x00")
			if c.Type != TypeAlert || !c.Opened() {
				t.Error("alert", c.Type)
			}
			for range maxFailures {
				take(t, c, 0, bad, Failed, "")
			}
			take(t, c, 0, bad, Shut, "")
			if c.Reason() != Damaged {
				t.Error(c.Reason())
			}
		})
		t.Run(fmt.Sprintf("%04x without handshake secrets", id), func(t *testing.T) {
			var some Keys
			some.Add(logLine("CLIENT_TRAFFIC_SECRET_0", secret(3)))
			some.Add(logLine("SERVER_TRAFFIC_SECRET_0", secret(4)))
			c := hello(&Keys{}, &some)
			server := newSender(t, id, secret(2))
			for range 2 * maxFailures {
				take(t, c, 1, server.seal(TypeHandshake, message(11, secret(7)), 0), Failed, "")
			}
			server.rekey(secret(4))
			take(t, c, 1, server.seal(TypeData, []byte("data"), 0), Read, "data")
		})
		t.Run(fmt.Sprintf("%04x early data, a second hello", id), func(t *testing.T) {
			var keys Keys
			keys.Add(logLine("CLIENT_EARLY_TRAFFIC_SECRET", secret(6)))
			for k, v := range all.secrets {
				keys.secrets[k] = v
			}
			c := NewConn(&keys)
			early := newSender(t, id, secret(6))
			first := early.seal(TypeData, []byte("soon"), 0)
			take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
			take(t, c, 0, first, Later, "")
			take(t, c, 1, record(TypeHandshake, serverHelloOf(id, []byte(retryRandom), modern...)), Read, "")
			if c.Complete() {
				t.Error("a request to try again is no hello")
			}
			take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
			take(t, c, 1, record(TypeHandshake, serverHelloOf(id, serverR, modern...)), Read, "")
			take(t, c, 0, first, Read, "soon")
			take(t, c, 0, early.seal(TypeHandshake, message(msgEndOfEarlyData, nil), 0), Read, "")
			client := newSender(t, id, secret(1))
			take(t, c, 0, client.seal(TypeHandshake, message(msgFinished, secret(9)), 0), Read, "")
			client.rekey(secret(3))
			take(t, c, 0, client.seal(TypeData, []byte("data"), 0), Read, "data")
		})
	}
}

// The server's hello may come first where the capture has changed the order.
func TestServerHelloFirst(t *testing.T) {
	var keys Keys
	keys.Add(logLine("SERVER_TRAFFIC_SECRET_0", bytes.Repeat([]byte{4}, 32)))
	c := NewConn(&keys)
	server := newSender(t, 0x1301, bytes.Repeat([]byte{4}, 32))
	data := server.seal(TypeData, []byte("data"), 0)
	take(t, c, 1, record(TypeHandshake, serverHelloOf(0x1301, serverR, modern...)), Read, "")
	take(t, c, 1, data, Later, "")
	take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
	take(t, c, 1, data, Read, "data")
}

func TestShut(t *testing.T) {
	master := logLine("CLIENT_RANDOM", bytes.Repeat([]byte{7}, 48))
	for _, k := range []struct {
		name  string
		log   []byte
		hello []byte
		want  string
	}{
		{"no key", nil, serverHelloOf(0xc02f, serverR), "tls-no-key"},
		{"no key of 1.3", master, serverHelloOf(0x1301, serverR, modern...), "tls-no-key"},
		{"CCM", master, serverHelloOf(0xc09c, serverR), "tls-cipher 0xc09c"},
		{"a suite of 1.3 in 1.2", master, serverHelloOf(0x1301, serverR), "tls-cipher 0x1301"},
		{"a suite of 1.2 in 1.3", master, serverHelloOf(0xc02f, serverR, modern...), "tls-cipher 0xc02f"},
		{"SSL 3", master, func() []byte { b := serverHelloOf(0xc02f, serverR); b[5] = 0; return b }(), "tls-version 0x0300"},
		{"compression", master, func() []byte { b := serverHelloOf(0xc02f, serverR); b[len(b)-3] = 1; return b }(), "tls-compressed"},
	} {
		var keys Keys
		keys.Add(k.log)
		c := NewConn(&keys)
		take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
		take(t, c, 1, record(TypeHandshake, k.hello), Shut, "")
		if c.Reason() != k.want {
			t.Errorf("%s: %q, want %q", k.name, c.Reason(), k.want)
		}
	}
}

// Records with a MAC alone need no key to be read; with one, the MAC is checked.
func TestNoEncryption(t *testing.T) {
	master := bytes.Repeat([]byte{7}, 48)
	s, _ := findSuite(0x003b)
	block := keyBlock(version12, s.prf, master, (*[32]byte)(serverR), (*[32]byte)(clientR), 64)
	seal := func(seq uint64, content string) []byte {
		m := hmac.New(s.mac, block[:32])
		rec := record(TypeData, nil)
		ad := additional(seq, rec, len(content))
		m.Write(ad[:])
		m.Write([]byte(content))
		return record(TypeData, m.Sum([]byte(content)))
	}
	for _, log := range [][]byte{nil, logLine("CLIENT_RANDOM", master)} {
		var keys Keys
		keys.Add(log)
		c := NewConn(&keys)
		take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
		take(t, c, 1, record(TypeHandshake, serverHelloOf(0x003b, serverR)), Read, "")
		take(t, c, 0, record(TypeChangeCipherSpec, []byte{1}), Read, "")
		take(t, c, 0, seal(0, "hello"), Read, "hello")
		want, data := Failed, ""
		if log == nil {
			want, data = Read, "again"
		}
		take(t, c, 0, seal(0, "again"), want, data)
	}
}

// Encrypt-then-MAC (RFC 7366), which few servers leave out.
func TestEncryptThenMAC(t *testing.T) {
	master := bytes.Repeat([]byte{7}, 48)
	s, _ := findSuite(0xc027)
	b := keyBlock(version12, s.prf, master, (*[32]byte)(serverR), (*[32]byte)(clientR), 2*(32+16))
	c16, _ := aes.NewCipher(b[64:80])
	seal := func(seq uint64, content string) []byte {
		pad := 16 - len(content)%16
		plain := append([]byte(content), bytes.Repeat([]byte{byte(pad - 1)}, pad)...)
		iv := bytes.Repeat([]byte{0x1f}, 16)
		cipher.NewCBCEncrypter(c16, iv).CryptBlocks(plain, plain)
		body := append(iv, plain...)
		m := hmac.New(s.mac, b[:32])
		ad := additional(seq, record(TypeData, nil), len(body))
		m.Write(ad[:])
		m.Write(body)
		return record(TypeData, m.Sum(body))
	}
	var keys Keys
	keys.Add(logLine("CLIENT_RANDOM", master))
	c := NewConn(&keys)
	take(t, c, 0, record(TypeHandshake, clientHello()), Read, "")
	take(t, c, 1, record(TypeHandshake, serverHelloOf(0xc027, serverR, 0, 22, 0, 0)), Read, "")
	take(t, c, 0, record(TypeChangeCipherSpec, []byte{1}), Read, "")
	take(t, c, 0, seal(0, "hello"), Read, "hello")
	c.Lost(0)
	take(t, c, 0, seal(77, "far away"), Read, "far away")
	bad := seal(78, "bad")
	bad[30] ^= 1
	take(t, c, 0, bad, Failed, "")
}

func TestKeyLog(t *testing.T) {
	var k Keys
	k.Add([]byte("# comment\r\n\r\nCLIENT_RANDOM " + hex.EncodeToString(clientR) + " 0102\r\nCLIENT_RANDOM xx 01\nCLIENT_RANDOM " + hex.EncodeToString(clientR) + "\n" +
		"CLIENT_RANDOM " + hex.EncodeToString(serverR) + " 010\nSERVER_TRAFFIC_SECRET_0 " + hex.EncodeToString(clientR) + " ff"))
	if k.Len() != 2 || !bytes.Equal(k.get(labelMaster, (*[32]byte)(clientR)), []byte{1, 2}) || !bytes.Equal(k.get(labelServerData, (*[32]byte)(clientR)), []byte{0xff}) {
		t.Errorf("%v", k.secrets)
	}
}

func TestRecords(t *testing.T) {
	a, b := record(TypeData, make([]byte, 100)), record(TypeData, make([]byte, 7))
	stream := append(append([]byte("garbage"), a...), b...)
	if n := Resync(stream); n != 7 {
		t.Errorf("next record at %d, want 7", n)
	}
	if n := Resync(stream[8 : len(stream)-1]); n != -1 {
		t.Errorf("a record without an end at %d", n)
	}
	if n, need, err := Frame(a[:50]); n != 0 || need != 55 || err != nil {
		t.Error(n, need, err)
	}
	if _, _, err := Frame([]byte("SIP/2.0")); err == nil {
		t.Error("SIP is no record")
	}
	hello := record(TypeHandshake, clientHello())
	if !IsHello(hello) || !IsClientHello(hello) || IsHello(hello[:8]) || !MaybeHello(hello[:8]) || MaybeHello([]byte("\x16\x02")) || IsHello(a) {
		t.Error("hello")
	}
}

// No byte sequence may make a connection panic or grow.
func FuzzConn(f *testing.F) {
	log := append(logLine("CLIENT_RANDOM", bytes.Repeat([]byte{7}, 48)), logLine("CLIENT_TRAFFIC_SECRET_0", bytes.Repeat([]byte{3}, 32))...)
	hello := func(b []byte) []byte { return record(TypeHandshake, b) }
	f.Add(log, append(hello(clientHello()), hello(serverHelloOf(0xc02f, serverR))...), []byte{0, 1})
	f.Add(log, append(append(hello(clientHello()), hello(serverHelloOf(0x1301, serverR, modern...))...), record(TypeData, make([]byte, 60))...), []byte{0, 1, 0})
	f.Add(log, append(append(hello(clientHello()), hello(serverHelloOf(0xc013, serverR, 0, 22, 0, 0))...), append(record(20, []byte{1}), record(TypeData, make([]byte, 64))...)...), []byte{0, 1, 0, 0x40})
	f.Fuzz(func(t *testing.T, log, stream, sides []byte) {
		var keys Keys
		keys.Add(log)
		c := NewConn(&keys)
		for i := 0; len(stream) > 0; i++ {
			n, _, err := Frame(stream)
			if err != nil || n == 0 {
				if n = Resync(stream); n <= 0 {
					break
				}
				stream = stream[n:]
				continue
			}
			side := byte(0)
			if len(sides) > 0 {
				side = sides[i%len(sides)]
			}
			if side&0x40 != 0 {
				c.Lost(int(side & 1))
			}
			r := c.Record(int(side&1), stream[:n])
			if len(c.Data) > n || r != Read && len(c.Data) > 0 || (r == Shut) != (c.Reason() != "") {
				t.Fatalf("result %d, %d bytes of %d, reason %q", r, len(c.Data), n, c.Reason())
			}
			for k := range c.sides {
				if cap(c.sides[k].buf) > 4*maxHello {
					t.Fatal("too much is kept")
				}
			}
			stream = stream[n:]
		}
	})
}
