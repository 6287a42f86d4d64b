package report

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"imscope/decode/sip"
)

func appendUint(b []byte, n uint32) []byte { return strconv.AppendUint(b, uint64(n), 10) }

// important are the headers that tell what happened to a registration.
var important = map[sip.HeaderID]bool{
	sip.HdrContact: true, sip.HdrExpires: true, sip.HdrMinExpires: true, sip.HdrEvent: true, sip.HdrSubscriptionState: true,
	sip.HdrPAssociatedURI: true, sip.HdrReason: true, sip.HdrWarning: true, sip.HdrRetryAfter: true, sip.HdrErrorInfo: true,
	sip.HdrTo: true, sip.HdrWWWAuthenticate: true, sip.HdrProxyAuthenticate: true, sip.HdrAuthorization: true, sip.HdrProxyAuthorization: true,
	sip.HdrCSeq: true,
}

// sipLines takes a SIP message apart as it was written: order, spelling and folding stay.
func sipLines(raw []byte) []Line {
	var m sip.Message
	if err := m.Parse(raw); err != nil {
		return textLines(nil, raw, Body)
	}
	l := make([]Line, 0, len(m.Headers)+16)
	l = append(l, Line{Kind: Start, Value: text(m.StartLine()), Important: true})
	for i := range m.Headers {
		h := &m.Headers[i]
		value := h.Value.In(m.Raw)
		if h.ID == sip.HdrWWWAuthenticate || h.ID == sip.HdrProxyAuthenticate {
			value = withoutKeys(value)
		}
		l = append(l, Line{Kind: Header, Name: text(h.Name.In(m.Raw)), Value: unfold(value), Important: important[h.ID]})
	}
	if body := m.Body.In(m.Raw); len(body) > 0 {
		l = append(l, Line{Kind: Gap})
		l = textLines(l, body, Body)
	}
	return l
}

// unfold keeps a folded header's lines apart by a space, as they compare.
func unfold(v []byte) string {
	if bytes.IndexByte(v, '\n') < 0 {
		return text(v)
	}
	var b strings.Builder
	for line := range bytes.Lines(v) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.Write(bytes.TrimSpace(line))
	}
	return text([]byte(b.String()))
}

// withoutKeys takes ck and ik out of a challenge: the P-CSCF gets them from the S-CSCF and keeps them
// (TS 24.229 5.2.2), and so does this program.
func withoutKeys(v []byte) []byte {
	for _, name := range []string{"ck", "ik"} {
		key, ok := sip.Param(v, name)
		if !ok {
			// The first parameter stands behind the scheme, not behind a semicolon or comma.
			key = keyOf(v, name)
		}
		if len(key) > 0 {
			v = bytes.ReplaceAll(v, key, []byte("(left out)"))
		}
	}
	return v
}

// keyOf finds the value of name="value" in a list of parameters that commas divide.
func keyOf(v []byte, name string) []byte {
	for i := 0; i+len(name) < len(v); i++ {
		if !bytes.EqualFold(v[i:i+len(name)], []byte(name)) || i > 0 && !bytes.ContainsRune([]byte(" ,\t\r\n"), rune(v[i-1])) {
			continue
		}
		rest := bytes.TrimLeft(v[i+len(name):], " \t")
		if len(rest) == 0 || rest[0] != '=' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\"")
		if end := bytes.IndexAny(rest, "\", \t\r\n"); end >= 0 {
			rest = rest[:end]
		}
		return rest
	}
	return nil
}

// textLines splits text into lines. What is no text is counted.
func textLines(l []Line, raw []byte, kind Kind) []Line {
	if bytes.IndexByte(raw, 0) >= 0 || !utf8.Valid(raw) && printable(raw) < len(raw)*3/4 {
		return append(l, Line{Kind: Remark, Value: strconv.Itoa(len(raw)) + " bytes that are no text"})
	}
	for line := range bytes.Lines(raw) {
		l = append(l, Line{Kind: kind, Value: text(bytes.TrimRight(line, "\r\n"))})
	}
	return l
}

func printable(raw []byte) int {
	n := 0
	for _, b := range raw {
		if b >= ' ' && b < 0x7f || b == '\n' || b == '\r' || b == '\t' {
			n++
		}
	}
	return n
}

// text makes a string of bytes of the wire; tabs become spaces, since a page shows no tab.
func text(b []byte) string { return strings.ReplaceAll(string(b), "\t", "    ") }
