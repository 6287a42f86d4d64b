package sip

import "imscope/decode/problem"

// parseHeaders reads header lines from pos and returns the offset behind the empty line that ends
// them, or the end of the message.
func (m *Message) parseHeaders(pos int) int {
	for {
		next, ended := m.parseHeaderBlock(pos)
		if !ended {
			// The start line has reported it already where the message ends with it.
			if pos != len(m.Raw) || len(m.Headers) > 0 {
				m.report(ProbNoHeaderEnd, span(next, next))
			}
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
		m.report(ProbHeadersAfterBlankLine, span(pos, from))
		pos = from
	}
}

// parseHeaderBlock reads header lines up to and including an empty line. ended is false when the
// message ends before one.
func (m *Message) parseHeaderBlock(pos int) (next int, ended bool) {
	raw := m.Raw
	for pos < len(raw) {
		end, next, _ := m.lineEnd(pos)
		if end == pos {
			return next, next > end
		}
		if c := raw[pos]; c == ' ' || c == '\t' {
			// Continuations are taken with their header below, so this one has none.
			if len(trim(raw[pos:end])) == 0 && next == len(raw) {
				return next, false
			}
			m.report(ProbFoldedFirstLine, span(pos, end))
			pos = next
			continue
		}
		if next-end == 1 && !m.cr {
			m.bareLF(end)
		}
		for next < len(raw) && (raw[next] == ' ' || raw[next] == '\t') {
			end, next, _ = m.lineEnd(next)
		}
		m.addHeader(pos, end)
		pos = next
	}
	return pos, false
}

// bareLF reports the first line of the message that ends in LF alone.
func (m *Message) bareLF(at int) {
	for i := range m.Problems {
		if m.Problems[i].Code == ProbBareLF {
			return
		}
	}
	m.report(ProbBareLF, span(at, at+1))
}

// addHeader takes the header in raw[pos:end], continuation lines included.
func (m *Message) addHeader(pos, end int) {
	raw := m.Raw[:end]
	colon := pos
	for colon < len(raw) && raw[colon] != ':' && raw[colon] != '\n' {
		colon++
	}
	if colon == len(raw) || raw[colon] != ':' {
		m.report(ProbNoColon, span(pos, end))
		return
	}
	name := colon
	for name > pos && isLWS(raw[name-1]) {
		name--
	}
	from := colon + 1
	for from < end && isLWS(raw[from]) {
		from++
	}
	for end > from && isLWS(raw[end-1]) {
		end--
	}
	h := Header{Name: span(pos, name), Value: span(from, end)}
	h.ID = ParseHeaderID(raw[pos:name])
	switch h.ID {
	case HdrUnknown:
		if !allToken(raw[pos:name]) {
			m.report(ProbBadHeaderName, h.Name)
		}
	case HdrContentLength:
		m.contentLength(h.Value)
	}
	if len(m.Headers) >= maxHeaders {
		if len(m.Headers) == maxHeaders {
			m.tooManyHeaders(h.Name)
		}
		return
	}
	m.Headers = append(m.Headers, h)
	if m.first[h.ID] == 0 {
		m.first[h.ID] = uint16(len(m.Headers))
	}
}

func (m *Message) tooManyHeaders(at problem.Span) {
	for i := range m.Problems {
		if m.Problems[i].Code == ProbTooManyHeaders {
			return
		}
	}
	m.report(ProbTooManyHeaders, at)
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
		m.report(ProbRepeatedHeader, v)
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
