package redact

import (
	"bytes"
	"strings"

	"imscope/decode/sip"
)

// maxParts is how deep parts of a body are looked at in parts; what is deeper is made unreadable.
const maxParts = 4

// part redacts a body, or one of several in a body, by its type. What has to be decoded before it can be read is made
// unreadable.
func (r *Redactor) part(p sip.Part, depth int) {
	b := p.Body[:len(p.Body):len(p.Body)]
	kind, _, _ := strings.Cut(strings.ToLower(string(p.Type)), ";")
	kind = strings.TrimSpace(kind)
	switch {
	case len(b) == 0:
	case p.Encoding != nil, depth == maxParts:
		Blank(b)
	case strings.HasPrefix(kind, "multipart/"):
		p.Body = b
		r.multipart(p, depth)
	case kind == "message/cpim", kind == "message/sip", kind == "message/sipfrag", kind == "message/rfc822":
		r.enclosed(b, depth)
	case kind == "application/simple-message-summary":
		r.lines(b)
	case kind == "application/reginfo+xml", kind == "application/3gpp-ims+xml", kind == "application/dialog-info+xml":
		r.xml(b, markup)
	case strings.HasSuffix(kind, "xml"):
		r.xml(b, dialect(b))
	case kind == "application/sdp":
		r.sdp(b)
	case strings.HasPrefix(kind, "text/"):
		r.words(b)
	default:
		r.unknownBody(b)
	}
}

// unknownBody redacts a body of a type that is not known. What is no text is made unreadable.
func (r *Redactor) unknownBody(b []byte) {
	switch {
	case !isText(b):
		Blank(b)
	case bytes.Contains(b, []byte("<?xml")), bytes.Contains(b, []byte("</")):
		r.xml(b, dialect(b))
	case bytes.HasPrefix(b, []byte("v=0")), bytes.Contains(b, []byte("\nv=0\r\n")):
		r.sdp(b)
	default:
		r.lines(b)
	}
}

// multipart redacts parts each by its type, and what stands around them line by line (RFC 2046 5.1).
func (r *Redactor) multipart(p sip.Part, depth int) {
	boundary := p.Boundary()
	pos := 0
	for parts := p.Multipart(); ; {
		part, ok := parts.Next()
		if !ok {
			break
		}
		part.Type = bytes.Clone(part.Type)
		at := len(p.Body) - cap(part.Body) // a part is a slice of the body, up to its end
		r.delimiters(p.Body[pos:at], boundary)
		r.part(part, depth+1)
		pos = at + len(part.Body)
	}
	r.delimiters(p.Body[pos:], boundary)
}

// delimiters redacts what stands between the bodies of parts: lines that delimit them, their header fields, and text.
func (r *Redactor) delimiters(b, boundary []byte) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if rest, ok := bytes.CutPrefix(line, []byte("--")); ok {
			if after, ok := bytes.CutPrefix(rest, boundary); ok && len(bytes.Trim(after, "- \t\r")) == 0 {
				r.scanProtocol(rest[:len(boundary)]) // as the parameter that says it
				continue
			}
		}
		r.line(line)
	}
}

// enclosed redacts a message within a message: lines, then the bodies that they announce. In CPIM the first body begins
// with header fields of its own (RFC 3862 2).
func (r *Redactor) enclosed(b []byte, depth int) {
	var p sip.Part
	for pos := 0; pos < len(b); {
		n := bytes.IndexByte(b[pos:], '\n') + 1
		if n == 0 {
			n = len(b) - pos
		}
		line := b[pos : pos+n]
		pos += n
		switch name, value, ok := bytes.Cut(line, []byte(":")); {
		case ok && sip.ParseHeaderID(bytes.TrimSpace(name)) == sip.HdrContentType:
			p.Type = bytes.Clone(bytes.TrimSpace(value))
		case ok && bytes.EqualFold(bytes.TrimSpace(name), []byte("Content-Transfer-Encoding")):
			p.Encoding = bytes.TrimSpace(value)
		case len(bytes.TrimSpace(line)) == 0 && p.Type != nil:
			p.Body = b[pos:]
			r.part(p, depth+1)
			return
		}
		r.line(line)
	}
}

// lines redacts text line by line.
func (r *Redactor) lines(b []byte) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		r.line(line)
	}
}

// line redacts a line of text, which may be a header field.
func (r *Redactor) line(b []byte) {
	if name, value, ok := bytes.Cut(b, []byte(":")); ok && len(name) > 0 && len(bytes.TrimLeftFunc(name, isNameRune)) == 0 && !isScheme(name) {
		r.header(sip.ParseHeaderID(name), name, bytes.TrimSpace(value))
		return
	}
	r.nameAddrs(b, prose)
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
