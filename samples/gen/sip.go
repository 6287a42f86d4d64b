package gen

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// message is a SIP message as the script thinks of it: header lines in order and a body.
type message struct {
	start   string
	headers []header
	body    string
}

type header struct{ name, value string }

// ellipsis stands for the earlier value of a header in edits and responses.
const ellipsis = "…"

// newMessage reads a whole message. The first blank line separates the headers from the body,
// whose lines end with LF as XML writers do it. "Content-Length: *" is filled in.
func newMessage(at pos, block []line) (*message, error) {
	m := &message{start: block[0].text}
	if !isStartLine(m.start) {
		return nil, block[0].pos.errorf("%q is no SIP start line", m.start)
	}
	rest := block[1:]
	for len(rest) > 0 && rest[0].text != "" {
		h, err := parseHeader(rest[0])
		if err != nil {
			return nil, err
		}
		m.headers = append(m.headers, h)
		rest = rest[1:]
	}
	if len(rest) > 0 {
		var b strings.Builder
		for _, l := range rest[1:] {
			b.WriteString(l.text)
			b.WriteByte('\n')
		}
		m.body = b.String()
	}
	for i, h := range m.headers {
		if h.name == "Content-Length" && h.value == "*" {
			m.headers[i].value = strconv.Itoa(len(m.body))
		}
	}
	if _, ok := m.first("Via"); !ok {
		return nil, at.errorf("the message has no Via")
	}
	return m, nil
}

func parseHeader(l line) (header, error) {
	name, value, ok := strings.Cut(l.text, ":")
	if !ok || name == "" || strings.ContainsAny(name, " \t") {
		return header{}, l.pos.errorf("%q is no header line", l.text)
	}
	return header{name, strings.TrimPrefix(value, " ")}, nil
}

func isStartLine(s string) bool {
	return strings.HasPrefix(s, "SIP/2.0 ") || strings.HasSuffix(s, " SIP/2.0")
}

func (m *message) isRequest() bool { return !strings.HasPrefix(m.start, "SIP/2.0 ") }

// first returns the value of the first header called name.
func (m *message) first(name string) (string, bool) {
	if i := m.index(name, 0); i >= 0 {
		return m.headers[i].value, true
	}
	return "", false
}

// index returns the position of the first header called name at or after from, or -1.
func (m *message) index(name string, from int) int {
	for i := from; i < len(m.headers); i++ {
		if strings.EqualFold(m.headers[i].name, name) {
			return i
		}
	}
	return -1
}

// via returns the sent-by host of the nth Via, "" if there is none.
func (m *message) via(n int) string {
	i := m.index("Via", 0)
	for ; n > 0 && i >= 0; n-- {
		i = m.index("Via", i+1)
	}
	if i < 0 {
		return ""
	}
	_, sentBy, _ := strings.Cut(m.headers[i].value, " ")
	sentBy, _, _ = strings.Cut(sentBy, ";")
	if i := strings.LastIndexByte(sentBy, ':'); i > strings.LastIndexByte(sentBy, ']') {
		sentBy = sentBy[:i]
	}
	return sentBy
}

// names reports whether the Request-URI or the first Route of m is n's.
func (m *message) names(n *Node) bool {
	route, _ := m.first("Route")
	for _, text := range []string{m.start, route} {
		if strings.Contains(text, "["+n.Addr.String()+"]") || n.Host != "" && strings.Contains(text, n.Host) {
			return true
		}
	}
	return false
}

// transaction tells the message's hop-by-hop transaction: branch of the top Via and CSeq.
func (m *message) transaction() string {
	via, _ := m.first("Via")
	_, branch, _ := strings.Cut(via, ";branch=")
	cseq, _ := m.first("CSeq")
	return branch + " " + cseq
}

func (m *message) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\r\n", m.start)
	for _, h := range m.headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h.name, h.value)
	}
	b.WriteString("\r\n")
	b.WriteString(m.body)
	return b.Bytes()
}

func (m *message) clone() *message {
	c := *m
	c.headers = append([]header(nil), m.headers...)
	return &c
}

// forward returns m as a proxy sends it on: a request with Max-Forwards one lower, a response
// without its top Via, both with the edits applied.
func (m *message) forward(at pos, edits []line) (*message, error) {
	out := m.clone()
	if out.isRequest() {
		i := out.index("Max-Forwards", 0)
		if i < 0 {
			return nil, at.errorf("the forwarded request has no Max-Forwards")
		}
		n, err := strconv.Atoi(out.headers[i].value)
		if err != nil || n < 1 {
			return nil, at.errorf("Max-Forwards %q cannot be decremented", out.headers[i].value)
		}
		out.headers[i].value = strconv.Itoa(n - 1)
	} else {
		i := out.index("Via", 0)
		out.headers = append(out.headers[:i], out.headers[i+1:]...)
		if _, ok := out.first("Via"); !ok {
			return nil, at.errorf("the response has no Via left: it has reached its origin")
		}
	}
	if err := out.edit(edits); err != nil {
		return nil, err
	}
	return out, nil
}

// edit applies the lines of a forward block, which read like a diff:
//
//	= NAME: VALUE   give the header a new value, … being the old one; = START-LINE likewise
//	- NAME          remove every header of that name
//	+ NAME: VALUE   add a header behind the header named last, at the top if none was named
//	  NAME          name a header, for a + line to follow
func (m *message) edit(edits []line) error {
	at := 0 // where + adds
	for _, l := range edits {
		if len(l.text) < 3 || l.text[1] != ' ' {
			return l.pos.errorf("%q is no edit: want =, -, + or two spaces before a header", l.text)
		}
		op, text := l.text[0], line{l.pos, strings.TrimSpace(l.text[2:])}
		if op == '=' && isStartLine(text.text) {
			m.start = text.text
			continue
		}
		if op == '-' || op == ' ' {
			i := m.index(text.text, 0)
			if i < 0 {
				return l.pos.errorf("there is no header %s", text.text)
			}
			at = i
			for ; i >= 0; i = m.index(text.text, i) {
				if op == ' ' {
					i++
					at = i
				} else {
					m.headers = append(m.headers[:i], m.headers[i+1:]...)
				}
			}
			continue
		}
		h, err := parseHeader(text)
		if err != nil {
			return err
		}
		switch op {
		case '+':
			m.headers = append(m.headers[:at], append([]header{h}, m.headers[at:]...)...)
			at++
		case '=':
			i := m.index(h.name, 0)
			if i < 0 {
				return l.pos.errorf("there is no header %s", h.name)
			}
			m.headers[i].value = strings.ReplaceAll(h.value, ellipsis, m.headers[i].value)
			at = i + 1
		default:
			return l.pos.errorf("%q is no edit: want =, -, + or two spaces before a header", l.text)
		}
	}
	return nil
}

// respond returns the response to request m: its Via, From, To, Call-ID and CSeq, and the headers
// of the block behind them. A To in the block replaces the copied one; … in the block stands for
// the value that the request has in the same header.
func (m *message) respond(at pos, status string, block []line) (*message, error) {
	out := &message{start: "SIP/2.0 " + status}
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		if m.index(name, 0) < 0 {
			return nil, at.errorf("the request has no %s", name)
		}
		for i := m.index(name, 0); i >= 0; i = m.index(name, i+1) {
			out.headers = append(out.headers, m.headers[i])
		}
	}
	for _, l := range block {
		h, err := parseHeader(l)
		if err != nil {
			return nil, err
		}
		if strings.Contains(h.value, ellipsis) {
			old, ok := m.first(h.name)
			if !ok {
				return nil, l.pos.errorf("the request has no header %s", h.name)
			}
			h.value = strings.ReplaceAll(h.value, ellipsis, old)
		}
		if h.name == "To" {
			out.headers[out.index("To", 0)] = h
			continue
		}
		out.headers = append(out.headers, h)
	}
	out.headers = append(out.headers, header{"Content-Length", "0"})
	return out, nil
}
