package tls

import (
	"encoding/binary"
	"errors"
)

// Content types (RFC 8446 5.1).
const (
	TypeChangeCipherSpec = 20
	TypeAlert            = 21
	TypeHandshake        = 22
	TypeData             = 23
)

const (
	// HeaderLen is the length of a record's header: type, version, length.
	HeaderLen = 5
	// maxRecord is the longest record: 2^14 bytes, and what compression and encryption may add (RFC 5246 6.2.3).
	maxRecord = 1<<14 + 2048
)

var errNotTLS = errors.New("tls: no record")

// IsRecord reports whether b begins with a possible record header.
func IsRecord(b []byte) bool {
	if len(b) < HeaderLen || b[0] < TypeChangeCipherSpec || b[0] > TypeData || b[1] != 3 || b[2] > 4 {
		return false
	}
	n := binary.BigEndian.Uint16(b[3:])
	return n > 0 && n <= maxRecord
}

// IsHello reports whether b begins with a record that begins with a ClientHello or a ServerHello.
func IsHello(b []byte) bool {
	if !IsRecord(b) || b[0] != TypeHandshake || len(b) < HeaderLen+4 {
		return false
	}
	return (b[5] == msgClientHello || b[5] == msgServerHello) && b[6] == 0
}

// MaybeHello reports whether b, which is too short for IsHello, could begin a hello.
func MaybeHello(b []byte) bool {
	const known = "\x16\x03"
	n := min(len(b), len(known))
	return len(b) < HeaderLen+4 && string(b[:n]) == known[:n] && (len(b) < 3 || b[2] <= 4)
}

// Frame gives the length of the record that b begins with; n == 0 and err == nil: at least need more bytes are wanted.
func Frame(b []byte) (n, need int, err error) {
	if len(b) < HeaderLen {
		return 0, HeaderLen - len(b), nil
	}
	if !IsRecord(b) {
		return 0, 0, errNotTLS
	}
	n = HeaderLen + int(binary.BigEndian.Uint16(b[3:]))
	if n > len(b) {
		return 0, n - len(b), nil
	}
	return n, 0, nil
}

// Resync gives the offset above 0 of the next record in b, or -1: a header whose record is followed by another one or
// by the end of b.
func Resync(b []byte) int {
	for i := 1; i+HeaderLen <= len(b); i++ {
		if b[i+1] != 3 || !IsRecord(b[i:]) {
			continue
		}
		end := i + HeaderLen + int(binary.BigEndian.Uint16(b[i+3:]))
		if end == len(b) || end < len(b) && IsRecord(b[end:]) {
			return i
		}
	}
	return -1
}
