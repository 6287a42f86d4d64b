package redact

import (
	"bytes"
	"strconv"
)

// view is text with its escapes undone, and where each character of it is written.
type view struct {
	text, was []byte
	units     []unit
}

// unit is the place of one character.
type unit struct {
	at   int
	n    uint8 // bytes, 1 for a character that stands for itself
	kind escape
}

type escape uint8

const (
	bare    escape = iota
	percent        // %41
	decimal        // &#65;
	hexRef         // &#x41;
	entity         // &lt;
)

// maxDepth is how many escapes within escapes are undone.
const maxDepth = 3

// escaped scans text in which characters may be escaped.
func (r *Redactor) escaped(raw []byte, c context) {
	xml := (c == markup || c == document) && bytes.IndexByte(raw, '&') >= 0
	if r.depth >= maxDepth || !xml && bytes.IndexByte(raw, '%') < 0 {
		r.scan(raw, c)
		return
	}
	for len(r.views) <= r.depth {
		r.views = append(r.views, view{})
	}
	v := &r.views[r.depth]
	if !v.read(raw, xml) {
		r.scan(raw, c)
		return
	}
	text := v.text
	r.depth++
	r.escaped(text, c)
	r.depth--
	r.views[r.depth].write(raw) // views may have moved
}

// inEscaped gives fn text without its escapes.
func (r *Redactor) inEscaped(raw []byte, xml bool, fn func([]byte)) {
	if bytes.IndexByte(raw, '%') < 0 && (!xml || bytes.IndexByte(raw, '&') < 0) {
		fn(raw)
		return
	}
	var v view
	if !v.read(raw, xml) {
		fn(raw)
		return
	}
	fn(v.text)
	v.write(raw)
}

// read undoes the escapes of raw and reports whether there are any.
func (v *view) read(raw []byte, xml bool) bool {
	v.text, v.units = v.text[:0], v.units[:0]
	found := false
	for i := 0; i < len(raw); {
		c, n, kind := raw[i], 1, bare
		switch {
		case c == '%' && i+2 < len(raw):
			hi, lo := unhex(raw[i+1]), unhex(raw[i+2])
			if hi >= 0 && lo >= 0 {
				c, n, kind = byte(hi<<4|lo), 3, percent
			}
		case c == '&' && xml:
			if x, m, k := reference(raw[i:]); m > 0 {
				c, n, kind = x, m, k
			}
		}
		found = found || kind != bare
		v.text = append(v.text, c)
		v.units = append(v.units, unit{i, uint8(n), kind})
		i += n
	}
	v.was = append(v.was[:0], v.text...)
	return found
}

// reference reads a character reference of XML. n is 0 if there is none for an ASCII character.
func reference(b []byte) (c byte, n int, kind escape) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0, bare
	}
	switch name := string(b[1:end]); name {
	case "lt":
		return '<', end + 1, entity
	case "gt":
		return '>', end + 1, entity
	case "amp":
		return '&', end + 1, entity
	case "quot":
		return '"', end + 1, entity
	case "apos":
		return '\'', end + 1, entity
	default:
		kind, digits, base := decimal, name, 10
		if name[0] != '#' {
			return 0, 0, bare
		}
		if digits = name[1:]; digits != "" && digits[0]|0x20 == 'x' {
			kind, digits, base = hexRef, digits[1:], 16
		}
		v, err := strconv.ParseUint(digits, base, 32)
		if err != nil || v == 0 || v >= 0x80 {
			return 0, 0, bare
		}
		return byte(v), end + 1, kind
	}
}

// write brings what has changed in the text back into raw, escaped as it was.
func (v *view) write(raw []byte) {
	for i, u := range v.units {
		c := v.text[i]
		if c == v.was[i] {
			continue
		}
		at := raw[u.at : u.at+int(u.n)]
		switch u.kind {
		case bare:
			at[0] = c
		case percent:
			const upper, lower = "0123456789ABCDEF", "0123456789abcdef"
			digits := upper
			if at[1] >= 'a' || at[2] >= 'a' {
				digits = lower
			}
			at[1], at[2] = digits[c>>4], digits[c&15]
		case decimal: // &# digits ;
			pad(at[2:len(at)-1], uint64(c), 10)
		case hexRef: // &#x digits ;
			pad(at[3:len(at)-1], uint64(c), 16)
		}
	}
}

// pad writes a number with zeros in front. A reference to a letter has room for every other one but a decimal one below
// 100, which then becomes the letter "a".
func pad(b []byte, v uint64, base int) {
	s := strconv.FormatUint(v, base)
	if len(s) > len(b) {
		s = strconv.FormatUint('a', base)
	}
	for i := range b {
		b[i] = '0'
	}
	if len(s) <= len(b) {
		copy(b[len(b)-len(s):], s)
	}
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
