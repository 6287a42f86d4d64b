package sip

import "bytes"

// authScanner walks over name=value pairs between commas, with the repairs that ParseAuth names.
type authScanner struct {
	b     []byte
	at    int // where in b to go on
	flaws authFlaw
	begun bool   // something was read, so that a comma must come before what follows
	junk  []byte // what was passed over because it is no name=value
}

// next returns the next parameter. value is not nil, even if empty.
func (s *authScanner) next() (name, value []byte, ok bool) {
	for s.separator() {
		b, i := s.b[s.at:], 0
		for i < len(b) && isToken(b[i]) {
			i++
		}
		rest := trimLeft(b[i:])
		s.begun = true
		if i > 0 && len(rest) > 0 && rest[0] == '=' {
			value, rest = s.value(trimLeft(rest[1:]))
			s.at = len(s.b) - len(rest)
			return b[:i], value, true
		}
		s.flaws |= flawParam
		s.junk, rest = splitComma(b)
		s.at = len(s.b) - len(rest)
	}
	return nil, nil, false
}

// separator passes over commas and white space and reports whether something follows.
func (s *authScanner) separator() bool {
	commas, i := 0, s.at
	for ; i < len(s.b); i++ {
		if s.b[i] == ',' {
			commas++
		} else if !isLWS(s.b[i]) {
			break
		}
	}
	s.at = i
	switch {
	case i == len(s.b):
		if commas > 0 {
			s.flaws |= flawEmptyParam
		}
		return false
	case !s.begun && commas > 0, commas > 1:
		s.flaws |= flawEmptyParam
	case s.begun && commas == 0:
		s.flaws |= flawMissingComma
	}
	return true
}

// value cuts off the value at the beginning of b.
func (s *authScanner) value(b []byte) (value, rest []byte) {
	if len(b) == 0 || b[0] != '"' {
		i := 0
		for i < len(b) && b[i] != ',' && !isLWS(b[i]) {
			i++
		}
		return b[:i], b[i:]
	}
	end := quotedEnd(b)
	if n := openQuoteEnd(b, end); n > 0 {
		s.flaws |= flawOpenQuote
		return trimRight(b[1:n]), b[n:]
	}
	return b[1 : end-1], b[end:]
}

// openQuoteEnd decides whether the quoted string that b begins with lost its closing quote. end is
// where a quote closes it, -1 if none does. The sign of a lost quote is a string that runs over
// ", name=" and is closed by a quote that stands behind "name=" itself, so that it opens another
// value. It returns the end of the value, or 0 when the string is sound.
func openQuoteEnd(b []byte, end int) int {
	if end > 0 && (!opensValue(b[1:end-1]) || bytes.IndexByte(b[:end], ',') < 0 && bytes.IndexByte(b[:end], '\n') < 0) {
		return 0
	}
	limit := len(b)
	if end > 0 {
		limit = end
	}
	for i := 1; i < limit; i++ {
		if b[i] != ',' && b[i] != '\n' {
			continue
		}
		next := len(b) - len(trimLeft(b[i+1:]))
		if paramFollows(b[next:]) {
			return i
		}
		i = next - 1 // white space is looked at once
	}
	if end > 0 {
		return 0
	}
	return len(b)
}

// opensValue reports whether b ends with = and white space.
func opensValue(b []byte) bool {
	b = trimRight(b)
	return len(b) > 0 && b[len(b)-1] == '='
}

// paramFollows reports whether b begins with token =.
func paramFollows(b []byte) bool {
	i := 0
	for i < len(b) && isToken(b[i]) {
		i++
	}
	b2 := trimLeft(b[i:])
	return i > 0 && len(b2) > 0 && b2[0] == '='
}

// splitComma cuts at the first comma outside a quoted string.
func splitComma(b []byte) (before, after []byte) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i > 0 && b[i-1] == '\\' {
				continue // as in splitList
			}
			if n := quotedEnd(b[i:]); n > 0 {
				i += n - 1
			}
		case ',':
			return b[:i], b[i:]
		}
	}
	return b, nil
}
