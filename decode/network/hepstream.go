package network

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// NewHEPProtocol returns the protocol of a collector's TCP connection: HEP version 3 messages one after the other.
func NewHEPProtocol() *Protocol {
	return &Protocol{
		Name:  "hep3",
		Start: isHEP3,
		Maybe: func(b []byte) bool {
			return len(b) < hepHeader && bytes.HasPrefix([]byte(hepMagic), b[:min(len(b), 4)])
		},
		Frame:   frameHEP,
		Resync:  resyncHEP,
		Blind:   true,
		Partial: isHEP3,
		Tail:    func(b []byte) int { return min(len(b), hepHeader-1) },
	}
}

var errNotHEP = errors.New("network: no HEP message")

func frameHEP(b []byte) (n, need int, err error) {
	if !isHEP3(b) {
		if len(b) < hepHeader && bytes.HasPrefix([]byte(hepMagic), b[:min(len(b), 4)]) {
			return 0, hepHeader - len(b), nil
		}
		return 0, 0, errNotHEP
	}
	n = int(be16(b[4:]))
	switch {
	case n < hepHeader:
		return 0, 0, errNotHEP
	case n > len(b):
		return 0, n - len(b), nil
	}
	return n, 0, nil
}

func resyncHEP(b []byte) int {
	for off := 1; off < len(b); off++ {
		i := bytes.Index(b[off:], []byte(hepMagic))
		if i < 0 {
			return -1
		}
		if off += i; isHEP3(b[off:]) {
			return off
		}
	}
	return -1
}

// maxInflated is how much a compressed HEP payload may become: what the largest UDP datagram can carry, which is also
// what a HEP message can carry uncompressed.
const maxInflated = 64 << 10

// Inflate turns a packet of kind Deflated into a Datagram. The payload is then valid until the next call.
func (w *Walker) Inflate(p *Packet) {
	w.deflated.Reset(p.Payload)
	var err error
	if w.inflater == nil {
		w.inflater, err = zlib.NewReader(&w.deflated)
	} else {
		err = w.inflater.(zlib.Resetter).Reset(&w.deflated, nil)
	}
	if err != nil {
		w.inflater = nil
		p.fail(ReasonHEP, 0)
		return
	}
	if w.inflated == nil {
		w.inflated = make([]byte, maxInflated)
	}
	n, err := io.ReadFull(w.inflater, w.inflated)
	if n == 0 {
		p.fail(ReasonHEP, 0)
		return
	}
	// What could be inflated before damage or the limit is kept.
	p.Truncated = p.Truncated || err == nil || err != io.ErrUnexpectedEOF && err != io.EOF
	p.Kind, p.Payload = Datagram, w.inflated[:n:n]
}
