package sip

import (
	"bytes"

	"imscope/decode/problem"
)

// parseHeaders reads header lines from pos and returns the offset behind the empty line that ends
// them, or the end of the message.
func (m *Message) parseHeaders(pos int) int {
	for {
		next, ended := m.parseHeaderBlock(pos)
		if !ended {
			m.report(ProbNoHeaderEnd, span(next, next))
			return next
		}
		pos = next
		if m.first[HdrCallID] != 0 && m.first[HdrCSeq] != 0 {
			return pos
		}
		from := pos + skipLineEnds(m.Raw[pos:])
		if !m.knownHeaderLine(from) {
			return pos
		}
		m.report(ProbHeadersAfterBlankLine, span(pos-1, from))
		pos = from
	}
}

// parseHeaderBlock reads header lines up to and including an empty line. ended is false when the
// message ends before one.
func (m *Message) parseHeaderBlock(pos int) (next int, ended bool) {
	raw, eol := m.Raw, byte('\n')
	if m.cr {
		eol = '\r'
	}
	for pos < len(raw) {
		end, next := lineEnd(raw, pos, eol)
		if end == pos {
			return next, next > end
		}
		if c := raw[pos]; c == ' ' || c == '\t' {
			// Continuations are taken with their header below, so this one has none.
			m.report(ProbFoldedFirstLine, span(pos, end))
			pos = next
			continue
		}
		if next-end == 1 && eol == '\n' {
			m.reportOnce(ProbBareLF, span(end, next))
		}
		first := end
		for next < len(raw) && (raw[next] == ' ' || raw[next] == '\t') {
			end, next = lineEnd(raw, next, eol)
		}
		m.addHeader(raw[:end], pos, first)
		pos = next
	}
	return pos, false
}

// lineEnd returns the end of the line that begins at pos, without and with its line end. Both are
// len(raw) behind the last line.
func lineEnd(raw []byte, pos int, eol byte) (end, next int) {
	i := bytes.IndexByte(raw[pos:], eol)
	if i < 0 {
		return len(raw), len(raw)
	}
	end, next = pos+i, pos+i+1
	if i > 0 && eol == '\n' && raw[end-1] == '\r' {
		end--
	}
	return end, next
}

// addHeader takes the header that begins at pos and ends with raw, continuation lines included. Its first line, which
// has the name, ends at first.
func (m *Message) addHeader(raw []byte, pos, first int) {
	line := raw[pos:]
	colon := bytes.IndexByte(line, ':')
	if colon < 0 || pos+colon > first && !m.cr {
		m.report(ProbNoColon, span(pos, len(raw)))
		return
	}
	name := colon
	for name > 0 && isLWS(line[name-1]) {
		name--
	}
	from, to := colon+1, len(line)
	for from < to && isLWS(line[from]) {
		from++
	}
	for to > from && isLWS(line[to-1]) {
		to--
	}
	if len(m.Headers) == maxHeaders {
		m.reportOnce(ProbTooManyHeaders, span(pos, pos+name))
		return
	}
	id := ParseHeaderID(line[:name])
	m.Headers = append(m.Headers, Header{ID: id, Name: span(pos, pos+name), Value: span(pos+from, pos+to)})
	if m.first[id] == 0 {
		m.first[id] = uint16(len(m.Headers))
	}
	switch id {
	case HdrUnknown:
		if !allToken(line[:name]) {
			m.report(ProbBadHeaderName, span(pos, pos+name))
		}
	case HdrContentLength:
		m.contentLength(span(pos+from, pos+to))
	case HdrContentEncoding:
		if hasCoding(line[from:to]) {
			m.report(ProbContentEncoding, span(pos+from, pos+to))
		}
	}
}

// contentLength takes one Content-Length value; the first readable one counts.
func (m *Message) contentLength(v problem.Span) {
	n, ok := parseContentLength(v.In(m.Raw))
	switch {
	case !ok:
		m.report(ProbBadContentLength, v)
	case m.ContentLength < 0:
		m.ContentLength = n
	case m.ContentLength != n:
		m.report(ProbContentLengthConflict, v)
	default:
		m.report(ProbContentLengthTwice, v)
	}
}

// parseContentLength reads a trimmed Content-Length value, held at a value above every limit.
func parseContentLength(b []byte) (int, bool) {
	n, _, ok := parseUint(b)
	return int(min(n, 1<<31-1)), ok
}

// knownHeaderLine reports whether a header line with a name of SIP begins at pos.
func (m *Message) knownHeaderLine(pos int) bool {
	i := pos
	for i < len(m.Raw) && isToken(m.Raw[i]) {
		i++
	}
	name := m.Raw[pos:i]
	for i < len(m.Raw) && (m.Raw[i] == ' ' || m.Raw[i] == '\t') {
		i++
	}
	return i < len(m.Raw) && m.Raw[i] == ':' && len(name) > 1 && ParseHeaderID(name) != HdrUnknown
}

// parseBody takes the bytes from pos: as many as Content-Length announces, all without it.
func (m *Message) parseBody(pos int) {
	rest := len(m.Raw) - pos
	n := m.ContentLength
	if n < 0 {
		n = rest
	}
	if n > rest {
		m.Truncated = true
		m.report(ProbBodyShort, span(pos, len(m.Raw)))
		n = rest
	}
	m.Body = span(pos, pos+n)
	behind := pos + n
	from := behind + skipLineEnds(m.Raw[behind:])
	switch {
	case from == len(m.Raw):
	case IsStart(m.Raw[from:]):
		m.report(ProbSecondMessage, span(from, len(m.Raw)))
	case m.knownHeaderLine(from):
		m.report(ProbHeadersAfterBlankLine, span(from, len(m.Raw)))
	default:
		m.report(ProbBytesAfterBody, span(behind, len(m.Raw)))
	}
}
