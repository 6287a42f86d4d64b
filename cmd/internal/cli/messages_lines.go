package cli

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
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

// wideEnough is the width from which lines have all that pipes get: dates, ports, whole names.
const wideEnough = 160

// text writes the message as a line of columns.
func (l *messageList) text(m *message) {
	if w := l.opt.Width; w > 0 && w < wideEnough {
		l.short(m)
		return
	}
	rec := m.rec
	c := columns{buf: l.buf, opt: &l.opt, widths: &l.widths}
	c.put(style.Frame, fmt.Sprintf("%7s", frameName(rec.Frame)))
	when := ""
	if rec.Time != 0 {
		when = render.UTC(rec.Time).Format("2006-01-02 15:04:05.000000")
	}
	c.put(style.Faint, fmt.Sprintf("  %-26s  ", when))
	c.begin()
	c.put(style.Node, rec.Src.String())
	c.put(style.Faint, " → ")
	c.put(style.Node, rec.Dst.String())
	c.end(0)
	c.put(style.Faint, rec.Proto.String())
	if path := rec.Path.String(); path != "" {
		c.put(style.Faint, " in "+path)
	}
	c.end(1)
	c.put(m.role(), m.what)
	if rec.SIP != nil && !rec.SIP.IsRequest && m.method != "" {
		c.put(style.Faint, " ("+m.method+")")
	}
	c.end(2)
	c.put(style.Identity, m.user)
	c.end(3)
	c.put(style.Faint, m.callID)
	if m.copy {
		c.put(style.Faint, "  captured twice")
	}
	if len(m.problems) > 0 {
		c.put(style.Warn, "  "+strings.Join(m.problems, " "))
	}
	l.buf = c.finish()
}

const (
	// leastAddress is how much of an address stays on the narrowest terminal: most of IPv4, the end of IPv6.
	leastAddress = 12
	// besides is what a short line has besides its two addresses: frame, time, arrow, what it is, a user of 13 letters.
	besides = 54
	// longUser is how long the name of a user may be before its host goes.
	longUser = 24
	// portsFrom is the width from which there is room for ports.
	portsFrom = 120
)

// short writes the message for a terminal, on which a line must not be longer: the day stands above, and what does not
// fit goes from the least telling end on.
func (l *messageList) short(m *message) {
	rec := m.rec
	c := columns{buf: l.buf, opt: &l.opt, widths: &l.widths}
	when := ""
	if rec.Time != 0 {
		t := render.UTC(rec.Time)
		if day := t.Format(time.DateOnly); day != l.day {
			l.day = day
			c.buf = append(l.opt.Style.Append(c.buf, style.Heading, day+" UTC"), '\n')
		}
		when = t.Format("15:04:05.000")
	}
	most := max((l.opt.Width-besides)/2, leastAddress)
	address := func(a netip.AddrPort) string {
		if l.opt.Width >= portsFrom {
			return shorten(a.String(), most)
		}
		return shorten(a.Addr().String(), most)
	}
	c.put(style.Frame, fmt.Sprintf("%6s", frameName(rec.Frame)))
	c.put(style.Faint, fmt.Sprintf(" %-12s  ", when))
	c.begin()
	c.put(style.Node, address(rec.Src))
	c.put(style.Faint, " → ")
	c.put(style.Node, address(rec.Dst))
	c.end(0)
	what := m.what
	if rec.SIP != nil && rec.SIP.Status != 0 {
		what = strconv.Itoa(rec.SIP.Status) + " " + m.method
	}
	c.put(m.role(), what)
	c.end(2)
	rest := ""
	if m.copy {
		rest = "  captured twice"
	}
	problems := ""
	if len(m.problems) > 0 {
		problems = "  " + strings.Join(m.problems, " ")
	}
	c.put(style.Identity, shortUser(m.user, min(l.opt.Width-c.used, longUser)))
	c.end(3)
	c.put(style.Faint, rec.Proto.String()+rest)
	c.put(style.Warn, problems)
	c.put(style.Faint, "  "+m.callID)
	l.buf = c.finish()
}

func frameName(frame uint32) string { return "#" + strconv.FormatUint(uint64(frame), 10) }

// role says how the message looks.
func (m *message) role() style.Role {
	switch s := m.rec.SIP; {
	case s == nil || s.IsRequest:
	case s.Status >= 300:
		return style.Bad
	case s.Status >= 200:
		return style.Good
	}
	return style.Plain
}

// shorten gives the end of a text, which tells addresses and numbers apart better than their beginning.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return "…" + s[len(s)-max(most-1, 0):]
}

// shortUser gives an identity in so many columns: without what all have, before it is cut.
func shortUser(name string, most int) string {
	for _, scheme := range []string{"sip:", "sips:", "tel:"} {
		name = strings.TrimPrefix(name, scheme)
	}
	if displaywidth.String(name) > most {
		name, _, _ = strings.Cut(name, "@")
	}
	for i := range name { // only numbers may be cut anywhere
		if name[i] >= utf8.RuneSelf {
			return name
		}
	}
	return shorten(name, most)
}

// columns builds a line.
type columns struct {
	buf    []byte
	opt    *render.Options
	widths *[4]int
	used   int
	start  int
	full   bool
}

// put adds a text. Once the line is full nothing more is written.
func (c *columns) put(role style.Role, s string) {
	if c.full {
		return
	}
	s = render.Escape(s)
	w := displaywidth.String(s)
	if c.opt.Width > 0 && c.used+w > c.opt.Width {
		c.full = true
		if c.used == c.opt.Width {
			return
		}
		s = displaywidth.TruncateString(s, c.opt.Width-c.used, "…")
		w = displaywidth.String(s)
	}
	c.buf = c.opt.Style.Append(c.buf, role, s)
	c.used += w
}

func (c *columns) begin() { c.start = c.used }

// end pads what was written since the column began up to the widest so far.
func (c *columns) end(i int) {
	const widest = 60
	c.widths[i] = max(c.widths[i], min(c.used-c.start, widest))
	if pad := max(c.widths[i]-(c.used-c.start), 0) + 2; c.opt.Width == 0 || c.used+pad < c.opt.Width {
		c.put(style.Plain, strings.Repeat(" ", pad))
	} else {
		c.full = true
	}
	c.begin()
}

// finish gives the line.
func (c *columns) finish() []byte { return append(bytes.TrimRight(c.buf, " "), '\n') }
