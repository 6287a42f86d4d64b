package redact

import (
	"bytes"
	"strings"
)

// body redacts the body of a message by its type.
func (r *Redactor) body(contentType, b []byte) {
	kind, _, _ := strings.Cut(strings.ToLower(string(contentType)), ";")
	kind = strings.TrimSpace(kind)
	switch {
	case kind == "application/reginfo+xml", kind == "application/3gpp-ims+xml", kind == "application/dialog-info+xml",
		kind == "application/simple-message-summary":
		r.xml(b, false)
	case strings.HasSuffix(kind, "xml"), kind == "" && bytes.Contains(b, []byte("<?xml")):
		r.xml(b, !bytes.Contains(b, []byte("<reginfo")))
	case kind == "application/sdp":
		r.sdp(b)
	case kind == "text/plain", kind == "message/cpim", kind == "text/html":
		r.words(b)
	default:
		r.unknownBody(b)
	}
}

// unknownBody redacts a body of a type that is not known, several ones in one body among them. What is no text is
// made unreadable.
func (r *Redactor) unknownBody(b []byte) {
	if !isText(b) {
		Blank(b)
		return
	}
	switch {
	case bytes.Contains(b, []byte("<?xml")), bytes.Contains(b, []byte("</")):
		r.xml(b, !bytes.Contains(b, []byte("<reginfo")))
	case bytes.HasPrefix(b, []byte("v=0")), bytes.Contains(b, []byte("\nv=0\r\n")):
		r.sdp(b)
	default:
		r.nameLines(b)
	}
}

// nameLines redacts text line by line, as header fields of a message inside (message/sipfrag) or as anything else.
func (r *Redactor) nameLines(b []byte) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && len(bytes.TrimLeftFunc(name, isNameRune)) == 0 && !isScheme(name) {
			line = value
		}
		r.nameAddrs(line, free)
	}
}

// isNameRune reports whether c may be part of the name of a header field, as far as it is a letter, digit or hyphen.
func isNameRune(c rune) bool { return c == '-' || c < 0x80 && isAlnum(byte(c)) }

// isText reports whether b is text for people, in UTF-8 or in an older alphabet.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\r' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// sdp redacts a session description (RFC 8866 5).
func (r *Redactor) sdp(b []byte) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if len(line) < 2 || line[1] != '=' {
			r.escaped(line, free)
			continue
		}
		v := line[2:]
		switch line[0] {
		case 'o':
			user, rest, _ := bytes.Cut(v, []byte(" "))
			r.name(user)
			r.escaped(rest, header)
		case 'i', 'e', 'p', 'u':
			r.words(bytes.TrimSpace(v))
		case 's':
			r.escaped(v, free)
		case 'k':
			if _, key, ok := bytes.Cut(v, []byte(":")); ok {
				r.Book.SecretText(bytes.TrimSpace(key))
			}
		case 'a':
			r.sdpAttribute(v)
		default:
			r.escaped(v, header)
		}
	}
}

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
	case "rtpmap", "fmtp", "ptime", "maxptime", "curr", "des", "conf", "fingerprint":
	default:
		r.escaped(v, header)
	}
}
