package sip

import (
	"bytes"
)

const (
	// maxParts is how many parts of one body are read. An INVITE with SDP, a document and ISUP has three.
	maxParts = 32
	// maxBoundary is the longest boundary (RFC 2046 5.1.1).
	maxBoundary = 70
)

// Part is a body, or one of several in a body. Its slices lie in the message.
type Part struct {
	Type     []byte // Content-Type, nil if there is none
	Encoding []byte // the coding that has to be undone before the body can be read, nil if there is none
	Body     []byte
}

// Part returns the body of a message as one part.
func (m *Message) Part() Part {
	p := Part{Type: m.First(HdrContentType), Body: m.Body.In(m.Raw)}
	if v := m.First(HdrContentEncoding); hasCoding(v) {
		p.Encoding = v
	}
	return p
}

// hasCoding reports whether a Content-Encoding or Content-Transfer-Encoding changes the bytes.
func hasCoding(v []byte) bool {
	for _, plain := range [...]string{"", "identity", "7bit", "8bit", "binary"} {
		if equalFold(v, plain) {
			return false
		}
	}
	return true
}

// Is reports whether a part is of a type, as "application/sdp".
func (p *Part) Is(mediaType string) bool {
	t := p.Type
	if i := bytes.IndexByte(t, ';'); i >= 0 {
		t = t[:i]
	}
	return equalFold(trimRight(t), mediaType)
}

// Multipart walks over the parts of a body (RFC 2046 5.1).
type Multipart struct {
	boundary []byte
	rest     []byte // behind a delimiter line; nil at the end
	left     int
}

// Multipart returns the parts of a part that consists of several; others have none.
func (p *Part) Multipart() Multipart {
	b := p.Boundary()
	if b == nil {
		return Multipart{}
	}
	m := Multipart{boundary: b, left: maxParts}
	_, m.rest = m.cut(p.Body) // what stands before the first delimiter is no part
	return m
}

// Boundary returns what stands between the parts of a part that consists of several, nil for others.
func (p *Part) Boundary() []byte {
	const kind = "multipart/"
	if len(p.Type) < len(kind) || !equalFold(p.Type[:len(kind)], kind) {
		return nil
	}
	i := bytes.IndexByte(p.Type, ';')
	if i < 0 {
		return nil
	}
	b, _ := Param(p.Type[i:], "boundary")
	if len(b) == 0 || len(b) > maxBoundary {
		return nil
	}
	return b
}

// Next returns the next part. A part without a delimiter behind it ends with the body.
func (m *Multipart) Next() (p Part, ok bool) {
	if m.rest == nil || m.left == 0 {
		return Part{}, false
	}
	m.left--
	b, rest := m.cut(m.rest)
	m.rest = rest
	for {
		end, next := lineEnd(b, 0, '\n')
		line := b[:end]
		for next > end && next < len(b) && isBlank(b[next]) { // folded
			end, next = lineEnd(b, next, '\n')
			line = b[:end]
		}
		b = b[next:]
		if len(line) == 0 {
			break
		}
		id, v := frameHeader(line)
		switch {
		case id == HdrContentType:
			p.Type = v
		case id == HdrContentEncoding, equalFold(line[:min(len(line), len(transferEncoding))], transferEncoding):
			if hasCoding(v) {
				p.Encoding = v
			}
		}
	}
	p.Body = b
	return p, true
}

const transferEncoding = "Content-Transfer-Encoding:"

// cut returns what is before the next delimiter line, without the line end that belongs to it, and what is behind it;
// rest is nil behind the last one.
func (m *Multipart) cut(b []byte) (part, rest []byte) {
	for from := 0; ; {
		i := bytes.Index(b[from:], m.boundary)
		if i < 0 {
			return b, nil
		}
		at := from + i - 2
		from += i + len(m.boundary)
		if at < 0 || string(b[at:at+2]) != "--" || at > 0 && b[at-1] != '\n' {
			continue
		}
		end, next := lineEnd(b, from, '\n')
		tail := trim(b[from:end])
		last := len(tail) >= 2 && string(tail[:2]) == "--"
		if !last && len(tail) > 0 {
			continue // a longer boundary
		}
		part = b[:at]
		if n := len(part); n > 0 {
			part = part[:n-1]
		}
		if n := len(part); n > 0 && part[n-1] == '\r' {
			part = part[:n-1]
		}
		if last {
			return part, nil
		}
		return part, b[next:]
	}
}
