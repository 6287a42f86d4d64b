package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/netip"

	"imscope/decode/pseudonym"
)

// context says what is known of text that is scanned.
type context uint8

const (
	free   context = iota // text for people
	header                // value of a header field that is understood: names known from elsewhere, long digits stay
	callID                // what stands before an "@" is no name
	agent                 // name of a product: numbers and addresses only
	markup                // XML
)

// scan replaces in b whatever is recognised, from left to right.
func (r *Redactor) scan(b []byte, c context) {
	for i := 0; i < len(b); {
		switch ch := b[i]; {
		case ch == '[':
			i += max(r.bracketed(b[i:]), 1)
		case isAlnum(ch), ch == '_', ch >= 0x80:
			i += r.token(b[i:], c)
		case ch == '+' && i+1 < len(b) && isDigit(b[i+1]):
			i += r.plus(b[i:], c)
		case ch == ':' && i+1 < len(b) && b[i+1] == ':' && (i == 0 || !isAlnum(b[i-1])):
			i += max(r.bareIPv6(b[i:]), 1)
		default:
			i++
		}
	}
}

// token takes what begins with a letter or digit at the start of b and returns its length, at least 1.
func (r *Redactor) token(b []byte, c context) int {
	if n := r.scheme(b, c); n > 0 {
		return n
	}
	end := 1
	for end < len(b) && isLocal(b[end]) {
		end++
	}
	if end == len(b) {
		r.plain(b, c)
		return end
	}
	switch b[end] {
	case '@':
		if n := hostLen(b[end+1:]); n > 0 {
			r.address(b[:end+1+n], end, c)
			return end + 1 + n
		}
	case '=':
		return r.parameter(b, end, c)
	case ':':
		if n := r.bareIPv6(b); n > 0 {
			return n
		}
	}
	r.plain(b[:end], c)
	return end
}

// isLocal reports whether c may be part of a name before an "@", of a host, of a number or of a parameter's name.
func isLocal(c byte) bool {
	if isAlnum(c) || c >= 0x80 {
		return true
	}
	switch c {
	case '.', '_', '~', '+', '-', '!', '*', '$':
		return true
	}
	return false
}

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// hostLen returns the length of the host that b begins with, 0 if there is none.
func hostLen(b []byte) int {
	if len(b) > 0 && b[0] == '[' {
		if i := bytes.IndexByte(b[:min(len(b), maxIPv6Text)], ']'); i > 0 {
			return i + 1
		}
		return 0
	}
	n := 0
	for n < len(b) && (isAlnum(b[n]) || b[n] == '.' || b[n] == '-' || b[n] == '_' || b[n] >= 0x80) {
		n++
	}
	return n
}

// address takes local@host.
func (r *Redactor) address(b []byte, at int, c context) {
	if c == callID || r.known.callIDs.has(b) {
		r.known.callID(b)
		r.plain(b[:at], callID)
		r.host(b[at+1:])
		return
	}
	before, fresh := r.fresh(b)
	r.user(b[:at])
	r.host(b[at+1:])
	if fresh {
		r.Book.Note(pseudonym.KindIdentity, before, string(b))
	}
}

// plain takes a run of characters of which nothing around says what it is.
func (r *Redactor) plain(b []byte, c context) {
	switch {
	case r.quads(b, c):
		return
	case c != agent && bytes.IndexByte(b, '.') > 0 && r.known.isHost(bytes.TrimRight(b, ".")):
		r.Book.Host(bytes.TrimRight(b, "."))
		return
	case r.hexadecimal(b):
		return
	case c != agent && r.base64(b):
		return
	case c != agent && isUUID(b) && r.known.isWord(b):
		r.Book.UUID(b)
		return
	}
	for i := 0; i < len(b); {
		if !isAlnum(b[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(b) && isAlnum(b[end]) {
			end++
		}
		if allDigits(b[i:end]) {
			end = i + r.figures(b[i:], c)
		} else if c != agent && r.known.isWord(b[i:end]) {
			r.Book.Word(b[i:end])
		} else {
			r.inside(b[i:end], c)
		}
		i = end
	}
}

// inside replaces known numbers between letters, and known names within others.
func (r *Redactor) inside(w []byte, c context) {
	for rest := w; c != agent; {
		at, n := r.known.inner.find(rest)
		if n == 0 {
			break
		}
		r.Book.Word(rest[at : at+n])
		rest = rest[at+n:]
	}
	for i := 0; i < len(w); i++ {
		if !isDigit(w[i]) {
			continue
		}
		end := i + 1
		for end < len(w) && isDigit(w[end]) {
			end++
		}
		if f, ok := r.known.numbers[string(w[i:end])]; ok {
			r.replace(w[i:end], f)
		}
		i = end
	}
}

// longNumber is how many digits a number in text for people has at least to be taken for somebody's.
const longNumber = 9

// figures takes the digits that b begins with, and further ones behind visual separators (RFC 3966 3) if together they
// are a known number. It returns the length of what it took.
func (r *Redactor) figures(b []byte, c context) int {
	first := 0
	for first < len(b) && isDigit(b[first]) {
		first++
	}
	var room [32]byte
	digits := append(room[:0], b[:first]...)
	if r.number(b[:first], digits) {
		return first
	}
	for end := first; end < len(b) && len(digits) < cap(room); {
		if !isDigit(b[end]) {
			if b[end] != '-' && b[end] != '.' || end+1 == len(b) || !isDigit(b[end+1]) {
				break
			}
			end++
			continue
		}
		for end < len(b) && isDigit(b[end]) {
			digits = append(digits, b[end])
			end++
		}
		if len(digits) < cap(room) && r.number(b[:end], digits) {
			return end
		}
	}
	if c == free && first >= longNumber {
		r.Book.Number(b[:first])
	}
	return first
}

// number replaces text that holds the digits of a known number, or of one that ends like it: written without its
// country code, or with a prefix.
func (r *Redactor) number(text, digits []byte) bool {
	if len(digits) < minNumber {
		return false
	}
	if f, ok := r.known.numbers[string(digits)]; ok {
		r.replace(text, f)
		return true
	}
	full, ok := r.known.tails[string(digits[len(digits)-minNumber:])]
	if !ok {
		return false
	}
	same := min(len(full), len(digits))
	if full[len(full)-same:] != string(digits[len(digits)-same:]) {
		return false
	}
	p := []byte(full)
	r.replace(p, r.known.numbers[full])
	for i := len(text) - 1; i >= 0 && same > 0; i-- {
		if isDigit(text[i]) {
			text[i] = p[len(p)-1]
			p = p[:len(p)-1]
			same--
		}
	}
	return true
}

// replace replaces a number of a form.
func (r *Redactor) replace(t []byte, f form) {
	switch f {
	case imsi:
		r.Book.IMSI(t)
	case imei:
		r.Book.IMEI(t)
	default:
		r.Book.Number(t)
	}
}

// plus takes a number in international form.
func (r *Redactor) plus(b []byte, c context) int {
	const shortest = 5
	end, n := 1, 0
	for i := 1; i < len(b); i++ {
		switch ch := b[i]; {
		case isDigit(ch):
			n++
			end = i + 1
			continue
		case ch == '-', ch == '.', ch == '(', ch == ')', ch == ' ' && c == free:
			continue
		}
		break
	}
	if end < len(b) && b[end] == '@' {
		if h := hostLen(b[end+1:]); h > 0 {
			r.address(b[:end+1+h], end, c)
			return end + 1 + h
		}
	}
	if n < shortest {
		return end
	}
	r.tel(b[:end])
	return end
}

// hexadecimal takes a run of hexadecimal digits that is an address, or text that names somebody.
func (r *Redactor) hexadecimal(b []byte) bool {
	const shortest = 8
	if len(b) < shortest || len(b)%2 != 0 {
		return false
	}
	upper := false
	for _, c := range b {
		if unhex(c) < 0 {
			return false
		}
		upper = upper || c >= 'A' && c <= 'F'
	}
	raw := make([]byte, len(b)/2)
	if _, err := hex.Decode(raw, b); err != nil {
		return false
	}
	if a, ok := netip.AddrFromSlice(raw); ok {
		if _, ok := r.known.addrs[a]; ok {
			copy(raw, r.Book.Addr(a).AsSlice())
			encodeHex(b, raw, upper)
			return true
		}
	}
	if !bytes.ContainsAny(raw, ":@") {
		return false
	}
	for _, c := range raw {
		if c < ' ' || c > '~' {
			return false
		}
	}
	r.escaped(raw, free)
	encodeHex(b, raw, upper)
	return true
}

// base64 takes a run that is text in base64, and names somebody.
func (r *Redactor) base64(b []byte) bool {
	const shortest = 16
	n := len(b) &^ 3 // what is left over stands before "="
	if len(b) < shortest {
		return false
	}
	if len(b)-n == 1 || bytes.ContainsAny(b, ".~!*$") {
		return false
	}
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(b, "-_") {
		enc = base64.RawURLEncoding
	}
	text, err := enc.DecodeString(string(b))
	if err != nil || !bytes.ContainsAny(text, ":@") {
		return false
	}
	for _, c := range text {
		if c < ' ' || c > '~' {
			return false
		}
	}
	r.escaped(text, free)
	enc.Encode(b, text)
	return true
}

func encodeHex(dst, raw []byte, upper bool) {
	hex.Encode(dst, raw)
	if upper {
		copy(dst, bytes.ToUpper(dst))
	}
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return len(b) > 0
}
