package network

import (
	"bytes"
	"strings"
	"testing"
)

// wsData is a WebSocket frame; a mask of 0 is none.
func wsData(first byte, mask uint32, payload string) []byte {
	b := []byte{first}
	m := byte(0)
	if mask != 0 {
		m = wsMasked
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, m|byte(n))
	case n < 1<<16:
		b = join(b, []byte{m | 126}, u16(uint16(n)))
	default:
		b = join(b, []byte{m | 127}, u32(0), u32(uint32(n)))
	}
	if mask == 0 {
		return append(b, payload...)
	}
	k := u32(mask)
	b = append(b, k...)
	for i := range len(payload) {
		b = append(b, payload[i]^k[i&3])
	}
	return b
}

func TestWebSocketFrame(t *testing.T) {
	_, ws := NewWebSocketProtocols()
	big := strings.Repeat("x", 70000)
	cases := []struct {
		name string
		b    []byte
		n    int
		text string
	}{
		{"text", wsData(0x81, 0, "hello"), 7, "hello"},
		{"masked binary", wsData(0x82, 0x12345678, "hello"), 11, "hello"},
		{"length of two bytes", wsData(0x81, 0, big[:300]), 304, big[:300]},
		{"length of eight bytes", wsData(0x81, 7, big), 70014, big},
		{"fragments", join(wsData(1, 5, "hel"), wsData(0x80, 6, "lo")), 17, "hello"},
		{"ping between fragments", join(wsData(1, 0, "hel"), wsData(0x89, 0, "ping"), wsData(0x80, 0, "lo")), 15, "hello"},
		{"ping before a message", join(wsData(0x89, 0, "ping"), wsData(0x81, 0, "hello")), 6, ""},
		{"two messages", join(wsData(0x81, 0, "hello"), wsData(0x81, 0, "world")), 7, "hello"},
		{"empty message", wsData(0x81, 0, ""), 2, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n, _, err := ws.Frame(c.b)
			if n != c.n || err != nil {
				t.Fatalf("%d, %v, want %d", n, err, c.n)
			}
			if got := AppendWebSocket(nil, c.b[:n]); string(got) != c.text {
				t.Errorf("%q, want %q", got, c.text)
			}
			for k := range min(n, 400) {
				if got, need, err := ws.Frame(c.b[:k]); got != 0 || need <= 0 || err != nil || k+need > n {
					t.Fatalf("first %d bytes: %d, %d, %v", k, got, need, err)
				}
			}
		})
	}
	for name, b := range map[string][]byte{
		"length beyond the limit":      {0x81, 127, 0, 0, 0, 0, 0xff, 0, 0, 0},
		"length beyond any":            {0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"fragments, sum beyond limits": join(wsData(1, 0, big), []byte{0, 127, 0, 0, 0, 0, 0, 0x10, 0xff, 0xff}),
	} {
		if n, _, err := ws.Frame(b); err == nil {
			t.Errorf("%s: %d accepted", name, n)
		}
	}
}

func TestWebSocketHandshake(t *testing.T) {
	hs, ws := NewWebSocketProtocols()
	request := "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp, SIP\r\n\r\n"
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nsec-websocket-protocol:sip\r\n\r\n"
	for _, b := range []string{request, answer} {
		if !hs.Start([]byte(b + "more")) {
			t.Errorf("%q is no handshake", b)
		}
		if n, _, err := hs.Frame([]byte(b + "more")); n != len(b) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		for k := 1; k < len(b); k++ {
			if hs.Start([]byte(b[:k])) || !hs.Maybe([]byte(b[:k])) {
				t.Fatalf("first %d bytes of %q", k, b)
			}
		}
	}
	for _, b := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
		"HTTP/1.1 200 OK\r\nSec-WebSocket-Protocol: sip\r\n\r\n",
	} {
		if hs.Start([]byte(b)) || hs.Maybe([]byte(b)) {
			t.Errorf("%q is a handshake", b)
		}
	}
	if hs.Next(nil) != ws {
		t.Error("no frames after the handshake")
	}
}

func FuzzWebSocket(f *testing.F) {
	f.Add(join(wsData(1, 5, "hel"), wsData(0x89, 0, "ping"), wsData(0x80, 6, "lo")))
	f.Add(wsData(0x81, 0, strings.Repeat("x", 300)))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, need, err := frameWebSocket(b)
		if n < 0 || n > len(b) || n > 0 && (need != 0 || err != nil) || n == 0 && err == nil && need <= 0 {
			t.Fatalf("%d, %d, %v", n, need, err)
		}
		if got := AppendWebSocket(nil, b); len(got) > len(b) {
			t.Fatal("more comes out than goes in")
		}
		if n > 0 {
			whole := AppendWebSocket(nil, b[:n])
			if again, _, err := frameWebSocket(bytes.Clone(b[:n])); again != n || err != nil {
				t.Fatalf("framed %d, then %d, %v", n, again, err)
			}
			if len(whole) > n {
				t.Fatal("more comes out than goes in")
			}
		}
	})
}
