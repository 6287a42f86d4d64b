package text

import (
	"io"
	"strings"

	"imscope/render/style"
)

// flushAt is how much output is gathered before it is written.
const flushAt = 32 << 10

// page takes lines and writes them. After a write failed it swallows the rest.
type page struct {
	w     io.Writer // nil: a part of another page
	sheet style.Sheet
	width int
	b     []byte
	err   error
	empty bool // the last line was empty, or there is none
}

func newPage(w io.Writer, sheet style.Sheet, width int) *page {
	return &page{w: w, sheet: sheet, width: width, empty: true}
}

// part begins a page that goes on below what stands on this one. It gathers lines until the page takes them.
func (p *page) part() *page { return &page{sheet: p.sheet, width: p.width} }

// take writes the lines of a part.
func (p *page) take(part *page) {
	if part.err != nil {
		p.fail(part.err)
	}
	p.b, p.empty = append(p.b, part.b...), part.empty
	p.spill()
}

// spill writes what is gathered, if that is enough.
func (p *page) spill() {
	if p.w != nil && len(p.b) >= flushAt {
		p.flush()
	}
}

func (p *page) flush() error {
	if p.err == nil && len(p.b) > 0 {
		_, p.err = p.w.Write(p.b)
	}
	p.b = p.b[:0]
	return p.err
}

// put writes one line as it is, indented. Spaces at its end are dropped.
func (p *page) put(indent int, l line) {
	for len(l) > 0 {
		last := &l[len(l)-1]
		last.text = strings.TrimRight(last.text, " ")
		if last.text != "" {
			break
		}
		l = l[:len(l)-1]
	}
	if len(l) > 0 {
		for range indent {
			p.b = append(p.b, ' ')
		}
		for _, s := range l {
			p.b = p.sheet.Append(p.b, s.role, s.text)
		}
	}
	p.b = append(p.b, '\n')
	p.empty = len(l) == 0
	p.spill()
}

// line writes one line, cut if it is too long.
func (p *page) line(indent int, spans ...span) {
	p.put(indent, line(spans).cut(p.width-indent))
}

// wrapped writes a line, broken if it is too long; what follows the first line is indented by hang.
func (p *page) wrapped(indent, hang int, l line) {
	for i, part := range l.wrap(p.width-indent, p.width-hang) {
		if i == 0 {
			p.put(indent, part)
		} else {
			p.put(hang, part)
		}
	}
}

// gap writes an empty line, but never two.
func (p *page) gap() {
	if !p.empty {
		p.put(0, nil)
	}
}

// heading writes a section's name with what stands beside it.
func (p *page) heading(indent int, name string, beside ...span) {
	p.gap()
	l := line{say(style.Heading, name)}
	if len(beside) > 0 {
		l = append(append(l, plain("  ")), beside...)
	}
	p.wrapped(indent, indent+2, l)
}

// labelled writes a value behind its label, both in columns of their own.
func (p *page) labelled(indent, labels int, label string, value line) {
	if len(value) == 0 {
		return
	}
	l := line{say(style.Label, label)}.pad(labels)
	p.wrapped(indent, indent+labels, append(l, value...))
}
