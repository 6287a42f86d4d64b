package sip

import "bytes"

const (
	// maxMethod bounds the search for the end of a method. The longest method of the torture
	// tests (RFC 4475 3.1.1.2) has 46 bytes.
	maxMethod = 64
	// maxStartLine bounds the search for the end of a start line. RFC 3261 18.1.1 lets a Request-URI
	// be long, but one beyond this is more likely binary data.
	maxStartLine = 8 << 10
)

// usualVersion is the only version there is.
const usualVersion = "SIP/2.0"

// verdict is what sniff makes of the beginning of some bytes.
type verdict uint8

const (
	isNot   verdict = iota // no SIP start line, whatever follows
	isMaybe                // could be one: the line has no end yet
	isYes
)

// IsStart reports whether b, behind optional line ends, begins with a request line or a status
// line. It looks at bytes only, never at ports, and says no to RTP at the first byte. A line cut
// off by the end of b counts when it begins with a known method and a SIP or tel URI, or with a
// version and a status code.
func IsStart(b []byte) bool {
	if !MayStart(b) {
		return false
	}
	switch v, strong := sniff(b[startOf(b):]); v {
	case isYes:
		return true
	case isMaybe:
		return strong
	}
	return false
}

// MayStart reports whether b, behind optional line ends, begins with a byte that a start line can begin with, damaged or
// not, which RTP does not. It is for those who ask Parse then, instead of IsStart.
func MayStart(b []byte) bool {
	i := skipLineEnds(b)
	return i < len(b) && b[i] < 0x80
}

// startOf returns the offset of the start line: behind line ends, and behind a few blanks or zero bytes that damage left
// there, alone or among line ends.
func startOf(b []byte) int {
	const most = 4
	first := skipLineEnds(b)
	blanks := 0
	for i := first; i < len(b) && blanks < most; i++ {
		switch b[i] {
		case '\r', '\n':
		case ' ', 0:
			blanks++
		default:
			return i
		}
	}
	return first
}

// sniff judges b, which is not empty. strong says of a maybe that what is there
// already looks like SIP and like nothing else.
func sniff(b []byte) (v verdict, strong bool) {
	if b[0]|0x20 == 's' {
		if n := versionPrefix(b); n > 0 {
			return sniffStatus(b[n:])
		}
	}
	i := 0
	for i < len(b) && isToken(b[i]) {
		if i++; i > maxMethod {
			return isNot, false
		}
	}
	if i == len(b) {
		return isMaybe, false
	}
	mended := MethodNone
	if i == 0 || b[i] != ' ' && b[i] != '\t' {
		// "SIP/2" is not a token, but can become a version.
		if b[i] == '/' && partialVersion(b) {
			return isMaybe, false
		}
		if mended, i = mendMethod(b); mended == MethodNone {
			return isNot, false
		}
	}
	line := b
	if len(line) > maxStartLine {
		line = line[:maxStartLine]
	}
	end := bytes.IndexByte(line[i:], '\n')
	cut := end < 0
	if cut {
		// A sender that ends lines in CR alone is readable too, but not on a stream.
		if end = bytes.IndexByte(line[i:], '\r'); end < 0 {
			end = len(line) - i
		}
	}
	rest := line[i : i+end]
	for len(rest) > 0 && isLWS(rest[0]) {
		rest = rest[1:]
	}
	for len(rest) > 0 && isLWS(rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	sp := len(rest)
	for sp > 0 && rest[sp-1] != ' ' && rest[sp-1] != '\t' {
		sp--
	}
	// The URI must not be empty: "NOTIFY SIP/2.0" has none.
	if strong = sp > 0 && isVersion(rest[sp:]); mended != MethodNone {
		strong = strong && sipScheme(rest)
	} else if !strong {
		strong = ParseMethod(b[:i]) != MethodOther && sipScheme(rest)
	}
	switch {
	case cut && len(b) < maxStartLine:
		return isMaybe, strong
	case cut, !strong:
		return isNot, false
	}
	return isYes, true
}

// sniffStatus judges what follows the version of a status line.
func sniffStatus(b []byte) (v verdict, strong bool) {
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	switch {
	case i >= maxMethod:
		return isNot, false
	case i == len(b):
		return isMaybe, false
	case i == 0 || !isDigit(b[i]):
		return isNot, false
	}
	if n := min(len(b), maxStartLine); bytes.IndexByte(b[:n], '\n') < 0 {
		if n == maxStartLine {
			return isNot, false
		}
		return isMaybe, true
	}
	return isYes, true
}

// sipScheme reports whether b begins like a URI that IMS requests go to.
func sipScheme(b []byte) bool {
	if len(b) > 0 && b[0] == '<' {
		b = b[1:]
	}
	i := bytes.IndexByte(b[:min(len(b), 5)], ':')
	if i < 0 {
		return false
	}
	s := b[:i]
	return equalFold(s, "sip") || equalFold(s, "sips") || equalFold(s, "tel") || equalFold(s, "urn")
}

// isVersion reports whether b is "SIP/" and digits, a point, digits.
func isVersion(b []byte) bool {
	n := versionPrefix(b)
	return n > 0 && n == len(b)
}

// versionPrefix returns the length of the SIP version that b begins with, or 0.
func versionPrefix(b []byte) int {
	if len(b) < 7 || b[3] != '/' || !equalFold(b[:3], "SIP") {
		return 0
	}
	if len(b) > 7 && string(b[:7]) == usualVersion && b[7] == ' ' {
		return 7
	}
	i := 4
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	if i == 4 || i == len(b) || b[i] != '.' {
		return 0
	}
	i++
	from := i
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	if i == from {
		return 0
	}
	return i
}

// partialVersion reports whether b is the beginning of a SIP version that ends with b.
func partialVersion(b []byte) bool {
	const v = "SIP/"
	if len(b) < len(v) || !equalFold(b[:len(v)], v) {
		return false
	}
	dots := 0
	for _, c := range b[len(v):] {
		if c == '.' {
			dots++
		} else if !isDigit(c) {
			return false
		}
	}
	return dots <= 1 && len(b) <= maxMethod
}
