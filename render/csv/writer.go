package csv

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"imscope/render"
)

const (
	// flushAt is how much output is gathered before it is written.
	flushAt = 64 << 10
	// maxCell bounds a cell in bytes: what goes beyond the 32,767 characters of a spreadsheet's cell would
	// spill into the next row.
	maxCell = 32_000
	// cut is what a cell that is too long ends with.
	cut = "…"
)

// Writer writes one table, cell by cell. After a write failed it swallows the rest; Flush gives the error.
type Writer struct {
	w    io.Writer // nil: rows are gathered until another Writer takes them
	b    []byte
	open bool // the row has a cell already
	err  error
}

// NewWriter makes a Writer.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Head writes the line of column names.
func (w *Writer) Head(names ...string) {
	for _, n := range names {
		w.Text(n)
	}
	w.End()
}

// End ends a row.
func (w *Writer) End() {
	w.b = append(w.b, '\r', '\n')
	w.open = false
	if w.w != nil && len(w.b) >= flushAt {
		w.write()
	}
}

// take moves the rows that another has gathered.
func (w *Writer) take(o *Writer) {
	w.b = append(w.b, o.b...)
	o.b = o.b[:0]
	if len(w.b) >= flushAt {
		w.write()
	}
}

// Flush writes what is left and gives the first error.
func (w *Writer) Flush() error {
	w.write()
	return w.err
}

func (w *Writer) write() {
	if w.err == nil && len(w.b) > 0 {
		_, w.err = w.w.Write(w.b)
	}
	w.b = w.b[:0]
}

func (w *Writer) comma() {
	if w.open {
		w.b = append(w.b, ',')
	}
	w.open = true
}

// Empty writes a cell without a value.
func (w *Writer) Empty() { w.comma() }

// Text writes a cell of text, harmless for spreadsheets and terminals.
func (w *Writer) Text(s string) {
	w.comma()
	s = Guard(render.Escape(s))
	if len(s) > maxCell {
		s = strings.ToValidUTF8(s[:maxCell], "") + cut
	}
	if !strings.ContainsAny(s, "\",\r\n") && s == strings.TrimSpace(s) {
		w.b = append(w.b, s...)
		return
	}
	w.b = append(w.b, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		w.b = append(append(w.b, s[:i]...), '"', '"')
		s = s[i+1:]
	}
	w.b = append(append(w.b, s...), '"')
}

// Int writes a cell with a whole number.
func (w *Writer) Int(n int64) {
	w.comma()
	w.b = strconv.AppendInt(w.b, n, 10)
}

// Float writes a cell with a number in as few digits as it needs, with a point.
func (w *Writer) Float(f float64) {
	w.comma()
	w.b = strconv.AppendFloat(w.b, f, 'f', -1, 64)
}

// Millis writes nanoseconds as milliseconds, exactly.
func (w *Writer) Millis(ns int64) {
	w.comma()
	u := uint64(ns)
	if ns < 0 {
		w.b = append(w.b, '-')
		u = -u
	}
	w.b = strconv.AppendUint(w.b, u/1e6, 10)
	if rest := u % 1e6; rest != 0 {
		digits := strconv.AppendUint(nil, 1e6+rest, 10)
		digits[0] = '.'
		for digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
		w.b = append(w.b, digits...)
	}
}

// Bool writes true or false.
func (w *Writer) Bool(v bool) {
	w.comma()
	w.b = strconv.AppendBool(w.b, v)
}

// Time writes a moment in UTC with nanoseconds (RFC 3339), nothing for an unknown one (0).
func (w *Writer) Time(ns int64) {
	w.comma()
	if ns != 0 {
		w.b = render.UTC(ns).AppendFormat(w.b, "2006-01-02T15:04:05.000000000Z")
	}
}

// Guard puts an apostrophe before every sign in s at which a spreadsheet would start a formula: the
// first character that is no space, and whatever follows a semicolon or tab.
func Guard(s string) string {
	if !strings.ContainsAny(s, signs) {
		return s
	}
	var b []byte
	begin, from := true, 0
	for i, r := range s {
		switch {
		case begin && isSign(r):
			b = append(append(b, s[from:i]...), '\'')
			from, begin = i, r == '\t'
		case r == ';' || r == '\t':
			begin = true
		case r != ' ':
			begin = false
		}
	}
	if b == nil {
		return s
	}
	return string(append(b, s[from:]...))
}

// signs are what spreadsheets take for the beginning of a formula (OWASP, CSV Injection).
const signs = "=+-@\t\r\n＝＋－＠"

func isSign(r rune) bool {
	if r < utf8.RuneSelf {
		return strings.IndexByte(signs, byte(r)) >= 0
	}
	return strings.ContainsRune(signs, r)
}
