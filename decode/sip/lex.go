package sip

import "bytes"

// tokenBytes tells the bytes that RFC 3261 25.1 allows in a token. A table of bytes takes one load where a set of bits
// takes five instructions.
var tokenBytes = func() (is [256]bool) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~" {
		is[c] = true
	}
	return is
}()

func isToken(c byte) bool { return tokenBytes[c] }

func isDigit(c byte) bool { return c-'0' < 10 }

func isAlpha(c byte) bool { return (c|0x20)-'a' < 26 }

// isLWS reports linear white space inside a header value. CR and LF count, since a value keeps its
// folding. Nearly every byte that is asked about is none, which the first comparison tells.
func isLWS(c byte) bool { return c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n') }

// isBlank reports what may stand between the words of a start line.
func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// allToken reports whether b is a token (at least one byte).
func allToken(b []byte) bool {
	for _, c := range b {
		if !isToken(c) {
			return false
		}
	}
	return len(b) > 0
}

func trimLeft(b []byte) []byte {
	for len(b) > 0 && isLWS(b[0]) {
		b = b[1:]
	}
	return b
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && isLWS(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func trim(b []byte) []byte { return trimRight(trimLeft(b)) }

// equalFold compares ASCII letters without case. Bytes above 127 must be equal. It is small enough to be inlined, so that
// most names are told apart by their length without a call.
func equalFold(b []byte, s string) bool { return len(b) == len(s) && equalLetters(b, s) }

// equalLetters is equalFold for the same length.
func equalLetters(b []byte, s string) bool {
	for i := 0; i < len(b) && i < len(s); i++ {
		x, y := b[i], s[i]
		if x == y {
			continue
		}
		if x|0x20 != y|0x20 || !isAlpha(x) {
			return false
		}
	}
	return true
}

// equalFoldBytes is equalFold for two slices.
func equalFoldBytes(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i, x := range a {
		if y := b[i]; x != y && (x|0x20 != y|0x20 || !isAlpha(x)) {
			return false
		}
	}
	return true
}

// quotedEnd returns the offset behind the closing quote of the quoted string that b begins with,
// or -1 when it is not closed (RFC 3261 25.1 quoted-string).
func quotedEnd(b []byte) int {
	i := bytes.IndexByte(b[1:], '"') + 1
	switch {
	case i == 0:
		return -1
	case b[i-1] != '\\':
		return i + 1
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// listBytes tells the bytes that mean something between the elements of a list.
var listBytes = [256]bool{'"': true, '<': true, ',': true}

// splitList cuts the first element off a comma list and returns it trimmed with what follows the
// comma. Commas inside quoted strings and angle brackets do not separate (RFC 3261 7.3.1). A quote
// that is never closed is an ordinary byte, so that damage stays inside its own element.
//
// A quote behind a backslash opens nothing. Beside being right, this keeps a walk over the whole
// list linear: once a quote is not closed, all later ones are behind a backslash.
func splitList(v []byte) (elem, rest []byte) {
	if bytes.IndexByte(v, ',') < 0 {
		return trim(v), nil
	}
	for i := 0; i < len(v); i++ {
		if !listBytes[v[i]] {
			continue
		}
		switch v[i] {
		case '"':
			if i > 0 && v[i-1] == '\\' {
				continue
			}
			if n := quotedEnd(v[i:]); n > 0 {
				i += n - 1
			}
		case '<':
			n := bytes.IndexByte(v[i:], '>')
			if n < 0 {
				return trim(v), nil
			}
			i += n
		case ',':
			return trim(v[:i]), v[i+1:]
		}
	}
	return trim(v), nil
}

// nextElement is splitList that passes over empty elements. ok is false at the end of the list.
func nextElement(v []byte) (elem, rest []byte, ok bool) {
	for len(v) > 0 {
		elem, v = splitList(v)
		if len(elem) > 0 {
			return elem, v, true
		}
	}
	return nil, nil, false
}

// Unfold appends v to dst with every line fold, and the white space around it, turned into one
// space. Other bytes are kept.
func Unfold(dst, v []byte) []byte {
	for {
		i := bytes.IndexByte(v, '\n')
		if i < 0 {
			return append(dst, v...)
		}
		dst = append(dst, trimRight(v[:i])...)
		v = trimLeft(v[i:])
		if len(v) > 0 {
			dst = append(dst, ' ')
		}
	}
}

// parseUint reads decimal digits. Values above 1<<62 are held there, with over set.
func parseUint(b []byte) (n int64, over, ok bool) {
	if len(b) == 0 {
		return 0, false, false
	}
	for _, c := range b {
		if !isDigit(c) {
			return 0, false, false
		}
		if n > (1<<62)/10-1 {
			n, over = 1<<62, true
			continue
		}
		n = n*10 + int64(c-'0')
	}
	return n, over, true
}

func lower(c byte) byte {
	if isAlpha(c) {
		return c | 0x20
	}
	return c
}
