package network

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const (
	// maxHandshake bounds the HTTP header of a WebSocket handshake.
	maxHandshake = 8 << 10
	// maxWebSocket bounds a message over WebSocket: the largest that SIP framing accepts elsewhere.
	maxWebSocket = 64<<10 + 1<<20
	wsHeader     = 2
	wsFinal      = 0x80
	wsMasked     = 0x80
	wsLength     = 0x7f
	wsControl    = 0x08 // in the opcode
)

var errNotWebSocket = errors.New("network: no WebSocket frame")

// NewWebSocketProtocols returns the protocols of SIP over WebSocket (RFC 7118): the handshake, which leads to the
// frames, and the frames, which are known by their handshake alone.
func NewWebSocketProtocols() (handshake, frames *Protocol) {
	frames = &Protocol{
		Name:  "websocket",
		Start: func([]byte) bool { return false },
		Maybe: func([]byte) bool { return false },
		Frame: frameWebSocket,
		Partial: func(b []byte) bool {
			_, need, err := readWSFrame(b)
			return need == 0 && err == nil
		},
	}
	handshake = &Protocol{
		Name:  "websocket-handshake",
		Start: isHandshake,
		Maybe: func(b []byte) bool { return handshakeBegins(b) && headerEnd(b) < 0 && len(b) < maxHandshake },
		Frame: func(b []byte) (n, need int, err error) {
			if !isHandshake(b) {
				return 0, 0, errNotWebSocket
			}
			return headerEnd(b), 0, nil
		},
		Next: func([]byte) *Protocol { return frames },
	}
	return handshake, frames
}

// handshakeBegins reports whether b begins like a request to upgrade or like the answer.
func handshakeBegins(b []byte) bool {
	const request, answer = "GET /", "HTTP/1.1 101"
	return bytes.HasPrefix([]byte(request), b[:min(len(b), len(request))]) ||
		bytes.HasPrefix([]byte(answer), b[:min(len(b), len(answer))])
}

func headerEnd(b []byte) int {
	i := bytes.Index(b, []byte("\r\n\r\n"))
	if i < 0 {
		return -1
	}
	return i + 4
}

// isHandshake reports whether b begins with a whole handshake for the subprotocol sip (RFC 7118 4.1).
func isHandshake(b []byte) bool {
	if len(b) == 0 || !handshakeBegins(b) {
		return false
	}
	n := headerEnd(b)
	if n < 0 || n > maxHandshake {
		return false
	}
	for line := range bytes.SplitSeq(b[:n], []byte("\r\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || !bytes.EqualFold(name, []byte("Sec-WebSocket-Protocol")) {
			continue
		}
		for token := range bytes.SplitSeq(value, []byte(",")) {
			if bytes.EqualFold(bytes.TrimSpace(token), []byte("sip")) {
				return true
			}
		}
	}
	return false
}

// wsFrame is the header of one frame (RFC 6455 5.2).
type wsFrame struct {
	final, control bool
	mask           []byte // nil without
	header, length int
}

// readWSFrame reads the header of the frame that b begins with. need is the number of bytes missing in it.
func readWSFrame(b []byte) (f wsFrame, need int, err error) {
	if len(b) < wsHeader {
		return f, wsHeader - len(b), nil
	}
	f = wsFrame{final: b[0]&wsFinal != 0, control: b[0]&wsControl != 0, header: wsHeader, length: int(b[1] & wsLength)}
	extended := 0
	switch f.length {
	case 126:
		extended = 2
	case 127:
		extended = 8
	}
	f.header += extended
	masked := b[1]&wsMasked != 0
	if masked {
		f.header += 4
	}
	if len(b) < f.header {
		return f, f.header - len(b), nil
	}
	switch extended {
	case 2:
		f.length = int(be16(b[wsHeader:]))
	case 8:
		n := binary.BigEndian.Uint64(b[wsHeader:])
		if n > maxWebSocket {
			return f, 0, errNotWebSocket
		}
		f.length = int(n)
	}
	if masked {
		f.mask = b[f.header-4 : f.header]
	}
	return f, 0, nil
}

// frameWebSocket finds the end of the message that b begins with: all its frames, with the control frames between them
// (RFC 6455 5.4). A control frame before a message is taken for itself.
func frameWebSocket(b []byte) (n, need int, err error) {
	for {
		f, need, err := readWSFrame(b[n:])
		switch {
		case err != nil:
			return 0, 0, err
		case need > 0:
			return 0, need, nil
		}
		end := n + f.header + f.length
		switch {
		case end > maxWebSocket:
			return 0, 0, errNotWebSocket
		case end > len(b):
			return 0, end - len(b), nil
		case f.control && n == 0, !f.control && f.final:
			return end, 0, nil
		}
		n = end
	}
}

// AppendWebSocket appends to dst what the data frames in b carry, unmasked (RFC 6455 5.3); of one that b has not all
// of, what is there.
func AppendWebSocket(dst, b []byte) []byte {
	for len(b) > 0 {
		f, need, err := readWSFrame(b)
		if err != nil || need > 0 {
			break
		}
		f.length = min(f.length, len(b)-f.header)
		if !f.control {
			from := len(dst)
			dst = append(dst, b[f.header:f.header+f.length]...)
			if f.mask != nil {
				for i := range dst[from:] {
					dst[from+i] ^= f.mask[i&3]
				}
			}
		}
		b = b[f.header+f.length:]
	}
	return dst
}
