package sip

import "bytes"

// parseStart reads the start line at pos and returns the offset behind it.
func (m *Message) parseStart(pos int) (next int, ok bool) {
	raw := m.Raw
	if !IsStart(raw[pos:]) {
		return pos, false
	}
	end, next := lineEnd(raw, pos, '\n')
	if next == end {
		// No LF at all: the sender may end its lines with CR.
		if i := bytes.IndexByte(raw[pos:], '\r'); i >= 0 {
			m.cr = true
			end, next = pos+i, pos+i+1
			m.report(ProbBareCR, span(end, next))
		}
	}
	m.start = span(pos, end)
	line := raw[pos:end]
	if v := versionPrefix(line); v > 0 {
		m.parseStatusLine(pos, line, v)
	} else {
		m.parseRequestLine(pos, line)
	}
	return next, true
}

// parseRequestLine reads Method SP Request-URI SP SIP-Version (RFC 3261 7.1). line begins with a
// token, as IsStart has seen.
func (m *Message) parseRequestLine(pos int, line []byte) {
	m.IsRequest = true
	i := 0
	for i < len(line) && isToken(line[i]) {
		i++
	}
	m.MethodSpan = span(pos, pos+i)
	m.Method = ParseMethod(line[:i])

	uri := i
	for uri < len(line) && isLWS(line[uri]) {
		uri++
	}
	spaces := uri-i != 1 || line[i] != ' '

	end := len(line)
	for end > uri && isLWS(line[end-1]) {
		end--
	}
	if end < len(line) {
		m.report(ProbStartLineTrailing, span(pos+end, pos+len(line)))
	}
	ver := end
	for ver > uri && !isLWS(line[ver-1]) {
		ver--
	}
	if isVersion(line[ver:end]) {
		m.Version = span(pos+ver, pos+end)
		if !equalFold(line[ver:end], "SIP/2.0") {
			m.report(ProbBadVersion, m.Version)
		}
		end = ver
		for end > uri && isLWS(line[end-1]) {
			end--
		}
		spaces = spaces || ver-end != 1 || line[end] != ' '
	} else {
		m.report(ProbNoVersion, m.start)
	}
	if spaces {
		m.report(ProbStartLineSpaces, m.start)
	}
	m.RequestURI = span(pos+uri, pos+end)
	for _, c := range line[uri:end] {
		if isLWS(c) {
			m.report(ProbURIWhitespace, m.RequestURI)
			break
		}
	}
	if end-uri >= 2 && line[uri] == '<' && line[end-1] == '>' {
		m.report(ProbURIBrackets, m.RequestURI)
		m.RequestURI = span(pos+uri+1, pos+end-1)
	}
}

// parseStatusLine reads SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 7.2); the version is
// the first v bytes.
func (m *Message) parseStatusLine(pos int, line []byte, v int) {
	m.Version = span(pos, pos+v)
	if !equalFold(line[:v], "SIP/2.0") {
		m.report(ProbBadVersion, m.Version)
	}
	i := v
	for i < len(line) && isLWS(line[i]) {
		i++
	}
	if i-v != 1 || line[v] != ' ' {
		m.report(ProbStartLineSpaces, m.start)
	}
	from := i
	for i < len(line) && isDigit(line[i]) {
		i++
	}
	if i-from == 3 {
		m.Status = int(line[from]-'0')*100 + int(line[from+1]-'0')*10 + int(line[from+2]-'0')
	}
	if m.Status < 100 || m.Status > 699 {
		m.report(ProbBadStatus, span(pos+from, pos+i))
	}
	if i == len(line) {
		m.report(ProbNoReasonSpace, span(pos+i, pos+i))
	} else if isLWS(line[i]) {
		i++
	}
	m.Reason = span(pos+i, pos+len(line))
}
