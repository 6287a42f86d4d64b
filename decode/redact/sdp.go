package redact

import (
	"bytes"
	"strings"
)

// sdp redacts a session description (RFC 8866 5).
func (r *Redactor) sdp(b []byte) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		line = bytes.TrimRight(line, "\r")
		if len(line) < 2 || line[1] != '=' {
			r.escaped(line, prose)
			continue
		}
		v := line[2:]
		switch line[0] {
		case 'o': // user, session, version, connection
			user, rest, _ := bytes.Cut(v, []byte(" "))
			r.name(user)
			r.connection(rest, 2)
		case 'c':
			r.connection(v, 0)
		case 'i', 'e', 'p', 'u', 's':
			r.words(v)
		case 'k':
			if _, key, ok := bytes.Cut(v, []byte(":")); ok {
				r.Book.SecretText(bytes.TrimSpace(key))
			}
		case 'a':
			r.sdpAttribute(v)
		case 'v', 't', 'r', 'z', 'b', 'm':
			r.escaped(v, header)
		default:
			r.escaped(v, prose)
		}
	}
}

// connection redacts where media go: behind some numbers the types of network and address, then a host, with a time to live
// if it is a group.
func (r *Redactor) connection(v []byte, numbers int) {
	i := 0
	for field := range bytes.SplitSeq(v, []byte(" ")) {
		switch {
		case i == numbers+2:
			h, _, _ := bytes.Cut(field, []byte("/"))
			r.host(h)
		case i > numbers+2 || !isShort(field):
			r.escaped(field, prose)
		default:
			r.escaped(field, header) // a number may be somebody's
		}
		i++
	}
}

// isShort reports whether a field is a number, or as long as a word of the protocol.
func isShort(field []byte) bool { return allDigits(field) || len(field) <= 3 }

// sdpAttribute redacts the value of an a= line.
func (r *Redactor) sdpAttribute(v []byte) {
	name, value, _ := bytes.Cut(v, []byte(":"))
	switch strings.ToLower(string(name)) {
	case "ice-ufrag", "ice-pwd", "key-mgmt":
		r.Book.SecretText(bytes.TrimSpace(value))
	case "crypto": // RFC 4568 9.1: inline:key|lifetime|MKI
		if _, key, ok := bytes.Cut(value, []byte("inline:")); ok {
			if end := bytes.IndexAny(key, "| \t\r\n;"); end >= 0 {
				key = key[:end]
			}
			r.Book.SecretText(key)
		}
	case "rtcp": // RFC 3605 2.1
		r.connection(value, 1)
	case "candidate", "remote-candidates": // RFC 8839 5.1
		r.candidate(value)
	case "rtpmap", "fmtp", "ptime", "maxptime", "curr", "des", "conf", "fingerprint", "rtcp-fb", "extmap", "group", "mid", "setup",
		"framerate", "framesize", "accept-types", "accept-wrapped-types", "max-size", "sendrecv", "sendonly", "recvonly", "inactive":
		r.escaped(value, header)
	default:
		r.escaped(value, prose)
	}
}

// candidate redacts the addresses of a candidate: what is no number and no word of its grammar.
func (r *Redactor) candidate(v []byte) {
	const address = 4
	i, before := 0, []byte(nil)
	for field := range bytes.SplitSeq(v, []byte(" ")) {
		if i == address || string(before) == "raddr" {
			r.host(field)
		} else {
			r.escaped(field, header)
		}
		i, before = i+1, field
	}
}
