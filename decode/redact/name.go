package redact

import (
	"bytes"

	"imscope/decode/pseudonym"
)

// user replaces the user part of a URI, which may have parameters of its own (RFC 3261 19.1.6).
func (r *Redactor) user(b []byte) {
	if i := bytes.IndexByte(b, ';'); i >= 0 {
		r.scan(b[i:], header)
		b = b[:i]
	}
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		r.address(b, at, header)
		return
	}
	r.name(b)
}

// identity replaces a private identity or a digest username.
func (r *Redactor) identity(b []byte) {
	if r.scheme(b, header) > 0 {
		return
	}
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		r.address(b, at, header)
		return
	}
	before, fresh := r.fresh(b)
	r.name(b)
	if fresh {
		r.Book.Note(pseudonym.KindIdentity, before, string(b))
	}
}

const (
	imsiLen = 15
	// eapLen is the length of an IMSI behind the digit that says what it is for (TS 23.003 14.2).
	eapLen = 16
)

// name replaces a name: a number, an IMSI, or words with something between them.
func (r *Redactor) name(b []byte) {
	if pseudonym.IsRole(b) {
		return
	}
	switch {
	case isNumber(b):
		r.digits(b)
		return
	case isUUID(b):
		r.uuid(b)
		return
	}
	r.called(b)
}

// uuid replaces a UUID that names a device or a contact.
func (r *Redactor) uuid(b []byte) {
	r.known.word(b)
	if isUUID(b) {
		r.known.node(b[len(b)-nodeLen:])
	}
	r.Book.UUID(b)
}

// isUUID reports whether b is a UUID as RFC 9562 4 writes it.
func isUUID(b []byte) bool {
	if len(b) != 36 {
		return false
	}
	for i, c := range b {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if unhex(c) < 0 {
				return false
			}
		}
	}
	return true
}

// isNumber reports whether b is a number with or without visual separators (RFC 3966 3).
func isNumber(b []byte) bool {
	digits := false
	for i, c := range b {
		switch {
		case isDigit(c):
			digits = true
		case c == '+' && i == 0, c == '-', c == '.', c == '(', c == ')', c == ' ':
		default:
			return false
		}
	}
	return digits
}

// digitsOf gives the digits of a number without its visual separators.
func digitsOf(b []byte) []byte {
	digits := make([]byte, 0, len(b))
	for _, c := range b {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	return digits
}

// digits replaces a number where a name stands: one of fifteen digits is an IMSI.
func (r *Redactor) digits(b []byte) {
	plain := digitsOf(b)
	international := b[0] == '+'
	switch {
	case !international && len(plain) == imsiLen:
		r.known.number(plain, imsi)
		r.Book.IMSI(b)
	case !international && len(plain) == eapLen && len(b) == eapLen && b[0] < '8':
		r.known.number(plain[1:], imsi)
		r.Book.IMSI(b[1:])
	default:
		r.known.number(plain, phone)
		r.Book.Number(b)
	}
}

// called replaces every word of what somebody is called, and takes note of it.
func (r *Redactor) called(b []byte) { r.everyWord(b, true) }

// words replaces every word of a text that a person wrote.
func (r *Redactor) words(b []byte) { r.everyWord(b, false) }

func (r *Redactor) everyWord(b []byte, learn bool) {
	for i := 0; i < len(b); {
		end := i
		for end < len(b) && isWordByte(b[end]) {
			end++
		}
		switch w := b[i:end]; {
		case allDigits(w) && len(w) >= minNumber:
			r.digits(w)
		case len(w) > 0 && !pseudonym.IsRole(w):
			if learn && !allDigits(w) {
				r.known.word(w)
			}
			r.Book.Word(w)
		}
		i = end + 1
	}
}
