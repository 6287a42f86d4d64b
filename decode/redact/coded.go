package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
)

// nodeLen is how many digits a hardware address has.
const nodeLen = 12

// hardwareLen returns the length of the hardware address that b begins with, written in pairs with separators, 0 if
// there is none.
func hardwareLen(b []byte) int {
	const length = 17
	if len(b) < length || b[2] != ':' && b[2] != '-' {
		return 0
	}
	for i, c := range b[:length] {
		if i%3 == 2 && c != b[2] || i%3 != 2 && unhex(c) < 0 {
			return 0
		}
	}
	if len(b) > length && (isAlnum(b[length]) || b[length] == b[2]) {
		return 0
	}
	return length
}

// hexadecimal takes a run of hexadecimal digits that is an address, a number in semi-octets or text, and tells somebody.
func (r *Redactor) hexadecimal(b []byte, c context) bool {
	const shortest = 8
	if len(b) < shortest || len(b)%2 != 0 {
		return false
	}
	upper, digits, text := false, true, true
	for i, ch := range b {
		v := unhex(ch)
		if v < 0 {
			return false
		}
		upper = upper || ch >= 'A' && ch <= 'F'
		digits = digits && v < 10
		text = text && (i%2 == 1 || v >= 2 && v <= 7)
	}
	switch {
	case len(b) == nodeLen && (r.known.isNode(b) || c == agent && !digits):
		r.Book.Node(b)
		return true
	case len(b) == 2*4 || len(b) == 2*16:
		var room [16]byte
		raw := room[:len(b)/2]
		hex.Decode(raw, b)
		a, _ := netip.AddrFromSlice(raw)
		if _, ok := r.known.addrs[a]; ok {
			encodeHex(b, r.Book.Addr(a).AsSlice(), upper)
			return true
		}
	}
	return r.semiOctets(b) || text && r.hexText(b, upper, c)
}

// hexText takes printable text in hexadecimal.
func (r *Redactor) hexText(b []byte, upper bool, c context) bool {
	raw := make([]byte, len(b)/2)
	hex.Decode(raw, b)
	if !r.hidden(raw, c) {
		return false
	}
	encodeHex(b, raw, upper)
	return true
}

// hidden redacts text that was decoded and reports whether it told somebody.
func (r *Redactor) hidden(text []byte, c context) bool {
	if !isPrintable(text) {
		return false
	}
	if !c.isProse() {
		c = free
	}
	before := string(text)
	r.escaped(text, c)
	return string(text) != before
}

// semiOctets takes a known number whose digits are swapped in pairs (TS 29.002 17.7.8), with or without the octet in front
// that says of what kind it is.
func (r *Redactor) semiOctets(b []byte) bool {
	const kind = 2
	var room [32]byte
	if len(b) > len(room) {
		return false
	}
	p := room[:len(b)]
	for i := range b {
		p[i] = b[i^1]
	}
	if last := len(p) - 1; p[last]|0x20 == 'f' { // a filler
		p = p[:last]
	}
	for _, from := range [...]int{0, kind} {
		if f, ok := r.known.form(p[from:]); ok {
			r.replace(p[from:], f)
			for i, c := range p {
				b[i^1] = c
			}
			return true
		}
	}
	return false
}

// base64 takes a run that is text in base64, and tells somebody.
func (r *Redactor) base64(b []byte, c context) bool {
	const shortest = 6
	if len(b) < shortest || len(b)%4 == 1 { // what is left over stands before "="
		return false
	}
	enc := base64.RawStdEncoding
	var first [3]byte
	if _, err := enc.Decode(first[:], b[:4]); err != nil || !isPrintable(first[:]) { // most are none, soon
		return false
	}
	if bytes.ContainsAny(b, "-_") {
		enc = base64.RawURLEncoding
	}
	text := make([]byte, enc.DecodedLen(len(b)))
	if n, err := enc.Decode(text, b); err != nil || n != len(text) || !r.hidden(text, c) {
		return false
	}
	enc.Encode(b, text)
	return true
}

func isPrintable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func encodeHex(dst, raw []byte, upper bool) {
	hex.Encode(dst, raw)
	if upper {
		copy(dst, bytes.ToUpper(dst))
	}
}
