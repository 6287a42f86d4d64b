package sip

import "bytes"

// parseStart reads the start line at pos and returns the offset behind it.
func (m *Message) parseStart(pos int) (next int, ok bool) {
	raw := m.Raw
	if pos == len(raw) {
		return pos, false
	}
	if !isToken(raw[pos]) {
		if method, _ := mendMethod(raw[pos:]); method == MethodNone {
			return pos, false
		}
	}
	end, next := lineEnd(raw, pos, '\n')
	whole := next > end && next-pos < maxStartLine
	if !whole && !IsStart(raw[pos:]) {
		return pos, false
	}
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
	plain := false
	if v := versionPrefix(line); v > 0 {
		plain = m.parseStatusLine(pos, line, v)
	} else {
		plain = m.parseRequestLine(pos, line)
	}
	return next, plain || !whole || IsStart(raw[pos:])
}

// parseRequestLine reads Method SP Request-URI SP SIP-Version (RFC 3261 7.1). plain says of a whole line that IsStart need not be asked, since there is a method, a version behind white
// space and something between them.
func (m *Message) parseRequestLine(pos int, line []byte) (plain bool) {
	m.IsRequest = true
	i := 0
	for i < len(line) && isToken(line[i]) {
		i++
	}
	mended := false
	if i == 0 || i < len(line) && !isLWS(line[i]) {
		if method, n := mendMethod(line); method != MethodNone {
			m.Method, i, mended = method, n, true
			m.report(ProbBadMethod, span(pos, pos+n))
		}
	}
	m.MethodSpan = span(pos, pos+i)
	if !mended {
		m.Method = ParseMethod(line[:i])
	}

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
	if usual := string(line[ver:end]) == usualVersion; usual || isVersion(line[ver:end]) {
		m.Version = span(pos+ver, pos+end)
		if !usual && !equalFold(line[ver:end], usualVersion) {
			m.report(ProbBadVersion, m.Version)
		}
		plain = !mended && i > 0 && i <= maxMethod && uri > i && isBlank(line[i]) && ver > uri && isBlank(line[ver-1])
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
	if hasLWS(line[uri:end]) {
		m.report(ProbURIWhitespace, m.RequestURI)
	}
	if end-uri >= 2 && line[uri] == '<' && line[end-1] == '>' {
		m.report(ProbURIBrackets, m.RequestURI)
		m.RequestURI = span(pos+uri+1, pos+end-1)
	}
	return plain
}

// parseStatusLine reads SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 7.2); the version is
// the first v bytes. plain is as of parseRequestLine.
func (m *Message) parseStatusLine(pos int, line []byte, v int) (plain bool) {
	m.Version = span(pos, pos+v)
	if !equalFold(line[:v], usualVersion) {
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
	digits := i > from
	if i-from == 3 {
		m.Status = int(line[from]-'0')*100 + int(line[from+1]-'0')*10 + int(line[from+2]-'0')
	}
	if m.Status < 100 || m.Status > 699 {
		m.report(ProbBadStatus, span(pos+from, pos+i))
	}
	if i < len(line) && isLWS(line[i]) {
		i++
	} else {
		m.report(ProbNoReasonSpace, span(pos+i, pos+i))
	}
	m.Reason = span(pos+i, pos+len(line))
	return from-v == 1 && line[v] == ' ' && digits
}
