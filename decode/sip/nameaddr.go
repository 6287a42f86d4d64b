package sip

import (
	"bytes"
	"encoding/binary"
)

// NameAddr is an address of From, To, Contact, Route and their like: a name-addr or an addr-spec
// (RFC 3261 25.1). The slices borrow the value it was parsed from.
type NameAddr struct {
	Display []byte // without quotes; escapes are kept
	URI     []byte // without angle brackets
	Params  []byte // header parameters: ";tag=x"

	flaws nameFlaw
}

// nameFlaw is what a name-addr got wrong.
type nameFlaw uint8

const (
	flawNoURI      nameFlaw = 1 << iota // nothing where the URI should be
	flawDisplay                         // unquoted display name that is not all tokens
	flawQuote                           // display name without its closing quote
	flawBracket                         // no closing angle bracket
	flawURISpace                        // white space around the URI
	flawTail                            // something between the URI and its parameters
	flawNoBrackets                      // an addr-spec, not a flaw where one is allowed
)

// ParseNameAddr reads a value that is one address. Without angle brackets all parameters belong to
// the header field (RFC 3261 20.10). ok is false when there is no URI.
func ParseNameAddr(v []byte) (na NameAddr, ok bool) {
	ok = na.parse(v)
	return na, ok
}

// parse is ParseNameAddr into na, which is empty.
func (na *NameAddr) parse(v []byte) (ok bool) {
	v = trim(v)
	lt := na.scanDisplay(v)
	if lt < 0 {
		na.scanAddrSpec(v)
	} else {
		na.scanBrackets(v[lt+1:])
	}
	if len(na.URI) == 0 {
		na.flaws |= flawNoURI
	}
	return len(na.URI) > 0
}

// NextNameAddr cuts the first address off a comma list and returns what follows it. Empty elements
// are passed over; one without a URI is returned with an empty one. ok is false at the end.
func NextNameAddr(v []byte) (na NameAddr, rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	if !ok {
		return na, nil, false
	}
	na, _ = ParseNameAddr(e)
	return na, rest, true
}

// scanDisplay finds the opening angle bracket and sets the display name. It returns -1 for an
// addr-spec.
func (na *NameAddr) scanDisplay(v []byte) int {
	if len(v) > 0 && v[0] == '"' {
		n := quotedEnd(v)
		lt := -1
		if n > 0 {
			lt = bytes.IndexByte(v[n:], '<')
		}
		if lt >= 0 {
			na.Display = v[1 : n-1]
			if len(trim(v[n:n+lt])) > 0 {
				na.flaws |= flawDisplay
			}
			return n + lt
		}
		// Either the quote is not closed, or the one that closes it belongs to a parameter behind
		// the address.
		if lt = bytes.IndexByte(v, '<'); lt >= 0 || n < 0 {
			na.flaws |= flawQuote
		}
		if lt >= 0 {
			na.Display = trim(v[1:lt])
		}
		return lt
	}
	lt := bytes.IndexByte(v, '<')
	if lt < 0 {
		return -1
	}
	na.Display = trim(v[:lt])
	if !displayTokens(na.Display) {
		na.flaws |= flawDisplay
	}
	return lt
}

// displayTokens reports whether b is *(token LWS).
func displayTokens(b []byte) bool {
	for _, c := range b {
		if !isToken(c) && !isLWS(c) {
			return false
		}
	}
	return true
}

func (na *NameAddr) scanBrackets(b []byte) {
	gt := bytes.IndexByte(b, '>')
	if gt < 0 {
		na.flaws |= flawBracket
		na.URI = trim(b)
		return
	}
	na.URI = trim(b[:gt])
	if len(na.URI) != gt {
		na.flaws |= flawURISpace
	}
	tail := trimLeft(b[gt+1:])
	if len(tail) > 0 && tail[0] != ';' {
		na.flaws |= flawTail
		_, tail = cutParams(tail)
	}
	na.Params = tail
}

func (na *NameAddr) scanAddrSpec(v []byte) {
	na.flaws |= flawNoBrackets
	if na.flaws&flawQuote != 0 {
		v = v[1:]
	}
	// The user part of a SIP URI may hold a semicolon, which without brackets can only be meant as
	// the beginning of the parameters (RFC 3261 20).
	na.URI, na.Params = cutParams(v)
	na.URI = trimRight(na.URI)
}

// hasLWS looks for white space, at eight bytes at a time as long as none of them is below 0x21.
func hasLWS(b []byte) bool {
	const ones = 0x0101010101010101
	for ; len(b) >= 8; b = b[8:] {
		if x := binary.LittleEndian.Uint64(b); (x-0x21*ones)&^x&(0x80*ones) != 0 {
			break
		}
	}
	for _, c := range b {
		if isLWS(c) {
			return true
		}
	}
	return false
}
