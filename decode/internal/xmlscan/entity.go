package xmlscan

import (
	"bytes"
	"unicode/utf8"
)

// maxReference is the longest reference that is looked at: "&#x10FFFF;" has ten bytes, a few
// leading zeros are tolerated. Anything longer is text with an ampersand in it.
const maxReference = 16

// AppendUnescaped appends text with the five predefined entities and character references replaced
// (XML 1.0 4.1, 4.6). Everything else that begins with '&' is copied as it is and counted as bad:
// entities a document declares are never expanded. The result is never longer than text.
func AppendUnescaped(dst, text []byte) (out []byte, bad bool) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(dst, text...), bad
		}
		dst = append(dst, text[:i]...)
		text = text[i:]
		r, n := reference(text)
		if n == 0 {
			bad = true
			dst, text = append(dst, '&'), text[1:]
			continue
		}
		dst, text = utf8.AppendRune(dst, r), text[n:]
	}
}

// reference reads the reference at the start of b and returns its character and length, or 0, 0.
func reference(b []byte) (r rune, n int) {
	// The two that every document has, since they surround an instance id.
	if len(b) >= 4 && b[2] == 't' && b[3] == ';' {
		switch b[1] {
		case 'l':
			return '<', 4
		case 'g':
			return '>', 4
		}
	}
	end := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if end < 2 {
		return 0, 0
	}
	name := b[1:end]
	if name[0] == '#' {
		if r = number(name[1:]); r == 0 {
			return 0, 0
		}
		return r, end + 1
	}
	switch string(name) {
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		return 0, 0
	}
	return r, end + 1
}

// number reads the digits of a character reference; 0 stands for "no character".
func number(b []byte) rune {
	base := rune(10)
	if len(b) > 0 && (b[0] == 'x' || b[0] == 'X') {
		base, b = 16, b[1:]
	}
	if len(b) == 0 {
		return 0
	}
	var r rune
	for _, c := range b {
		var d rune
		switch {
		case '0' <= c && c <= '9':
			d = rune(c - '0')
		case base == 16 && 'a' <= c && c <= 'f':
			d = rune(c-'a') + 10
		case base == 16 && 'A' <= c && c <= 'F':
			d = rune(c-'A') + 10
		default:
			return 0
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0
		}
	}
	if !utf8.ValidRune(r) {
		return 0
	}
	return r
}
