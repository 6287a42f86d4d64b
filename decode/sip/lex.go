package sip

import "bytes"

// tokenSet has one bit for each byte that RFC 3261 25.1 allows in a token:
// letters, digits and - . ! % * _ + ` ' ~
var tokenSet = [4]uint64{
	0x03ff6ca200000000, // ! % ' * + - . 0-9
	0x47ffffff87fffffe, // A-Z _ ` a-z ~
}

func isToken(c byte) bool { return tokenSet[c>>6]>>(c&63)&1 != 0 }

func isDigit(c byte) bool { return c-'0' < 10 }

func isAlpha(c byte) bool { return (c|0x20)-'a' < 26 }

// isLWS reports linear white space inside a header value. CR and LF count, since a value keeps its
// folding.
func isLWS(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

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

// equalFold compares ASCII letters without case. Bytes above 127 must be equal.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := 0; i < len(b); i++ {
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

// splitList cuts the first element off a comma list and returns it trimmed with what follows the
// comma. Commas inside quoted strings and angle brackets do not separate (RFC 3261 7.3.1). A quote
// that is never closed is an ordinary byte, so that damage stays inside its own element.
//
// A quote behind a backslash opens nothing. Beside being right, this keeps a walk over the whole
// list linear: once a quote is not closed, all later ones are behind a backslash.
func splitList(v []byte) (elem, rest []byte) {
	angle := false
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '"':
			if angle || i > 0 && v[i-1] == '\\' {
				continue
			}
			if n := quotedEnd(v[i:]); n > 0 {
				i += n - 1
			}
		case '<':
			angle = true
		case '>':
			angle = false
		case ',':
			if !angle {
				return trim(v[:i]), v[i+1:]
			}
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

// Folded reports whether a header value is spread over several lines (RFC 3261 7.3.1).
func Folded(v []byte) bool { return bytes.IndexByte(v, '\n') >= 0 }

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
