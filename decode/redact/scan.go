package redact

import (
	"bytes"

	"imscope/decode/pseudonym"
)

// context says what is known of text that is scanned.
type context uint8

const (
	free     context = iota // text from elsewhere, as the name of a file: names that are known
	prose                   // text of a message for people: every word that is not of the vocabulary
	header                  // value of a header field that is understood: names known from elsewhere, long digits stay
	opaque                  // value without a grammar, as a tag: names known from elsewhere
	callID                  // what stands before an "@" is no name
	agent                   // name of a product: numbers, addresses and hosts only
	markup                  // XML that is understood
	document                // XML that is not: prose
)

// isProse reports whether every word is replaced that is not of the vocabulary.
func (c context) isProse() bool { return c == prose || c == document }

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
	if n := hardwareLen(b); n > 0 {
		r.Book.Node(b[:n])
		return n
	}
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
	if r.quads(b, c) {
		return
	}
	for {
		from, end := r.hostIn(b)
		if end == 0 {
			break
		}
		r.runs(b[:from], c)
		r.Book.Host(b[from:end])
		b = b[end:]
	}
	switch {
	case len(b) == 0, r.hexadecimal(b, c), c != agent && r.base64(b, c):
	case c != agent && isUUID(b) && (c.isProse() || r.known.isWord(b)):
		r.Book.UUID(b)
	default:
		r.runs(b, c)
	}
}

// hostIn finds a host that is known, or below a known one, whatever is glued to it.
func (r *Redactor) hostIn(b []byte) (from, end int) {
	if bytes.IndexByte(b, '.') <= 0 {
		return 0, 0
	}
	if h := bytes.TrimRight(b, "."); r.known.isHost(h) {
		return 0, len(h)
	}
	from, n := r.known.glued.find(b, r.known.hosts)
	if n == 0 {
		return 0, 0
	}
	end = from + n
	for from > 0 && b[from-1] == '.' { // labels below it
		for from--; from > 0 && (isAlnum(b[from-1]) || b[from-1] == '-' || b[from-1] == '_'); {
			from--
		}
	}
	return from, end
}

// runs takes the runs of letters and digits of a text one by one.
func (r *Redactor) runs(b []byte, c context) {
	for i := 0; i < len(b); {
		if !isWordByte(b[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(b) && isWordByte(b[end]) {
			end++
		}
		if allDigits(b[i:end]) {
			end = i + r.figures(b[i:], c)
		} else {
			r.run(b[i:end], c)
		}
		i = end
	}
}

// isWordByte reports whether c may be part of a word: a letter or digit, or a byte of a letter outside ASCII.
func isWordByte(c byte) bool { return isAlnum(c) || c >= 0x80 }

// run takes a run of letters and digits that are not digits alone.
func (r *Redactor) run(w []byte, c context) {
	switch {
	case c == agent:
		r.between(w, c)
	case r.known.isWord(w):
		r.Book.Word(w)
	case c.isProse() && isSpoken(w):
	default:
		r.inside(w, c)
	}
}

// inside replaces known names and numbers within a word.
func (r *Redactor) inside(w []byte, c context) {
	rest := w
	for {
		at, n := r.known.inner.find(rest, r.known.words)
		if n == 0 || len(rest) == len(w) && isProtocol(w) {
			break
		}
		r.between(rest[:at], c)
		r.Book.Word(rest[at : at+n])
		rest = rest[at+n:]
	}
	r.between(rest, c)
}

// between takes what stands before, between and behind the known names of a word: numbers between letters, short names
// between digits, and in prose the rest.
func (r *Redactor) between(w []byte, c context) {
	from := 0
	for i := 0; i < len(w); {
		end := i + 1
		for end < len(w) && isDigit(w[end]) == isDigit(w[i]) {
			end++
		}
		part, found := w[i:end], false
		switch {
		case isDigit(w[i]):
			found = r.number(part, part) || c == agent && r.device(part)
		case c != agent && len(part) == minWord && len(part) < len(w) && r.known.isWord(part):
			r.Book.Word(part)
			found = true
		}
		if found {
			r.stranger(w[from:i], c)
			from = end
		}
		i = end
	}
	r.stranger(w[from:], c)
}

// stranger replaces a word of prose that is not of the vocabulary, unless it is too short to be one.
func (r *Redactor) stranger(w []byte, c context) {
	const shortest = 2 // and with digits one more
	if !c.isProse() || len(w) < shortest || len(w) == shortest && bytes.ContainsAny(w, "0123456789") || isSpoken(w) {
		return
	}
	r.Book.Word(w)
}

const (
	// longNumber is how many digits a number in text from elsewhere has at least to be taken for somebody's.
	longNumber = 9
	// proseNumber is that in prose: an account, a code. Shorter ones are causes and counts.
	proseNumber = 4
)

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
	switch {
	case c == agent:
		r.device(b[:first])
	case c == free && first >= longNumber, c.isProse() && first >= proseNumber:
		r.Book.Number(b[:first])
	}
	return first
}

// device replaces digits in the name of a product that are as many as those of an IMEI.
func (r *Redactor) device(digits []byte) bool {
	if len(digits) < pseudonym.IMEIBody || len(digits) > pseudonym.IMEIBody+2 {
		return false
	}
	r.Book.IMEI(digits)
	return true
}

// number replaces text that holds the digits of a known number, or of one that ends like it: written without its
// country code, or with a prefix.
func (r *Redactor) number(text, digits []byte) bool {
	if len(digits) < minNumber {
		return false
	}
	if f, ok := r.known.form(digits); ok {
		r.replace(text, f)
		return true
	}
	full, ok := r.known.tails[string(digits[len(digits)-minNumber:])]
	if !ok {
		return false
	}
	digits = bytes.TrimLeft(digits, "0")
	same := min(len(full), len(digits))
	if same < minNumber || full[len(full)-same:] != string(digits[len(digits)-same:]) {
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
		case ch == '-', ch == '.', ch == '(', ch == ')', (ch == ' ' || ch == '/') && (c == free || c.isProse()):
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

func allDigits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return len(b) > 0
}
