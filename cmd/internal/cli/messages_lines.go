package cli

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
	"imscope/render/json"
	"imscope/render/style"
)

// bytes writes the message itself, line by line, harmless to a terminal.
func (l *messageList) bytes(m *message) {
	raw := []byte(nil)
	switch {
	case m.rec.SIP != nil:
		raw = m.rec.SIP.Raw
	case m.rec.Diameter != nil:
		l.buf = append(l.buf, hex.Dump(m.rec.Diameter.Raw)...)
		return
	}
	for line := range bytes.SplitSeq(bytes.TrimRight(raw, "\r\n"), []byte("\n")) {
		l.buf = append(l.buf, "         "...)
		l.buf = append(l.buf, render.Escape(string(bytes.TrimSuffix(line, []byte("\r"))))...)
		l.buf = append(l.buf, '\n')
	}
	l.buf = append(l.buf, '\n')
}

// text writes the message as a line of columns.
func (l *messageList) text(m *message) {
	rec := m.rec
	used := 0
	put := func(role style.Role, s string) {
		s = render.Escape(s)
		w := displaywidth.String(s)
		if l.opt.Width > 0 && used+w > l.opt.Width {
			s = displaywidth.TruncateString(s, max(l.opt.Width-used, 0), "…")
			w = displaywidth.String(s)
		}
		l.buf = l.opt.Style.Append(l.buf, role, s)
		used += w
	}
	// column pads what was written since start up to the widest so far.
	column := func(i, start int) {
		const widest = 60
		l.widths[i] = max(l.widths[i], min(used-start, widest))
		put(style.Plain, strings.Repeat(" ", max(l.widths[i]-(used-start), 0)+2))
	}
	put(style.Frame, fmt.Sprintf("%7s", "#"+strconv.FormatUint(uint64(rec.Frame), 10)))
	when := ""
	if rec.Time != 0 {
		when = render.UTC(rec.Time).Format("2006-01-02 15:04:05.000000")
	}
	put(style.Faint, fmt.Sprintf("  %-26s  ", when))
	start := used
	put(style.Node, rec.Src.String())
	put(style.Faint, " → ")
	put(style.Node, rec.Dst.String())
	column(0, start)
	start = used
	put(style.Faint, rec.Proto.String())
	if path := rec.Path.String(); path != "" {
		put(style.Faint, " in "+path)
	}
	column(1, start)
	start = used
	role := style.Plain
	switch {
	case rec.SIP == nil || rec.SIP.IsRequest:
	case rec.SIP.Status >= 300:
		role = style.Bad
	case rec.SIP.Status >= 200:
		role = style.Good
	}
	put(role, m.what)
	if rec.SIP != nil && !rec.SIP.IsRequest && m.method != "" {
		put(style.Faint, " ("+m.method+")")
	}
	column(2, start)
	start = used
	put(style.Identity, m.user)
	column(3, start)
	put(style.Faint, m.callID)
	if m.copy {
		put(style.Faint, "  captured twice")
	}
	if len(m.problems) > 0 {
		put(style.Warn, "  "+strings.Join(m.problems, " "))
	}
	end := len(l.buf)
	for end > 0 && l.buf[end-1] == ' ' {
		end--
	}
	l.buf = append(l.buf[:end], '\n')
}

// json writes the message as an object.
func (l *messageList) json(m *message) {
	rec := m.rec
	b := append(l.buf, `{"type":"message","frame":`...)
	b = strconv.AppendUint(b, uint64(rec.Frame), 10)
	b = append(b, `,"frames":[`...)
	for i, f := range rec.Frames {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(f), 10)
	}
	b = append(b, `],"time":`...)
	if rec.Time == 0 {
		b = append(b, "null"...)
	} else {
		b = json.AppendString(b, render.UTC(rec.Time).Format("2006-01-02T15:04:05.000000000"+"Z"))
	}
	member := func(name, value string) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":`...)
		if value == "" {
			b = append(b, "null"...)
			return
		}
		b = json.AppendString(b, value)
	}
	member("src", rec.Src.String())
	member("dst", rec.Dst.String())
	member("transport", rec.Proto.String())
	member("path", rec.Path.String())
	protocol := "sip"
	if rec.Diameter != nil {
		protocol = "diameter"
	}
	member("protocol", protocol)
	member("method", m.method)
	b = append(b, `,"status":`...)
	if rec.SIP != nil && rec.SIP.Status != 0 {
		b = strconv.AppendInt(b, int64(rec.SIP.Status), 10)
	} else {
		b = append(b, "null"...)
	}
	member("what", m.what)
	member("request_uri", m.target)
	member("user", m.user)
	member("call_id", m.callID)
	if m.copy {
		b = append(b, `,"captured_twice":true`...)
	}
	b = append(b, `,"problems":[`...)
	for i, p := range m.problems {
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, p)
	}
	l.buf = append(b, "]}\n"...)
}
