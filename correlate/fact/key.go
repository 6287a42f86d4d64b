package fact

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"

	"imscope/decode/sip"
)

// Key names an exchange end to end: Call-ID, CSeq, method and the Via that the originator wrote,
// which is the last one on every hop (RFC 3261 8.1.1.7, 16.6).
type Key struct {
	hash   uint64
	cseq   uint32
	method sip.Method
}

// Route is what a message's Via headers tell.
type Route struct {
	Vias   uint8
	Top    uint32 // hash of the top branch
	branch []byte // of the originator's Via
}

// route reads the Via headers. Only the branches of the first and the last value count, so that the
// usual line of one value is not taken apart any further.
func (e *Extractor) route(m *sip.Message) Route {
	var r Route
	n := 0
	for i := range m.Headers {
		if m.Headers[i].ID != sip.HdrVia {
			continue
		}
		v := m.Headers[i].Value.In(m.Raw)
		if bytes.IndexByte(v, ',') < 0 && bytes.IndexByte(v, '"') < 0 {
			b := branch(v)
			if n == 0 {
				r.Top = uint32(maphash.Bytes(e.seed, b))
			}
			r.branch = b
			n++
			continue
		}
		for {
			via, rest, ok := sip.NextVia(v)
			if !ok {
				break
			}
			if n == 0 {
				r.Top = uint32(maphash.Bytes(e.seed, via.Branch))
			}
			r.branch, v = via.Branch, rest
			n++
		}
	}
	r.Vias = uint8(min(n, 255))
	return r
}

// branch finds the branch parameter of a Via value without commas and quotes.
func branch(v []byte) []byte {
	const name = "branch"
	for {
		i := bytes.IndexByte(v, ';')
		if i < 0 {
			return nil
		}
		v = bytes.TrimLeft(v[i+1:], " \t\r\n")
		if len(v) <= len(name) || !bytes.EqualFold(v[:len(name)], []byte(name)) {
			continue
		}
		rest := bytes.TrimLeft(v[len(name):], " \t\r\n")
		if len(rest) == 0 || rest[0] != '=' {
			continue
		}
		rest = rest[1:]
		if end := bytes.IndexByte(rest, ';'); end >= 0 {
			rest = rest[:end]
		}
		return bytes.TrimSpace(rest)
	}
}

// Key gives the key of a message's exchange, its CSeq method and number.
func (e *Extractor) Key(m *sip.Message) (k Key, r Route, method []byte) {
	r = e.route(m)
	n, method, _ := sip.ParseCSeq(m.First(sip.HdrCSeq))
	if m.IsRequest && len(method) == 0 {
		method = m.MethodSpan.In(m.Raw)
	}
	k.cseq = n
	k.method = sip.ParseMethod(method)
	if m.IsRequest && m.Method != sip.MethodOther {
		k.method = m.Method
	}
	var h maphash.Hash
	h.SetSeed(e.seed)
	callID := m.First(sip.HdrCallID)
	h.Write(callID)
	h.WriteByte(0)
	h.Write(r.branch)
	if k.method == sip.MethodOther {
		h.WriteByte(0)
		h.Write(method)
	}
	if len(callID) == 0 {
		// A damaged message: it belongs to no other.
		h.WriteByte(0)
		h.Write(m.Raw)
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], n)
		h.Write(b[:])
	}
	k.hash = h.Sum64()
	return k, r, method
}
