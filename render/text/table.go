package text

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"imscope/render/style"
)

// column describes a column of a table.
type column struct {
	head  string
	right bool // numbers
	min   int  // columns of the terminal that it keeps where there is not enough room; 0: all it needs
	wrap  bool // cells that are too long go on in the next line
	spare int  // where there is still not enough room, spare columns go, the highest number first; 0: it stays
}

// table is rows of cells under heads.
type table struct {
	columns []column
	rows    [][]line
}

func (t *table) row(cells ...line) { t.rows = append(t.rows, cells) }

const columnGap = 2

// fit gives each column its width: what its widest cell needs, less where the table is too wide.
// A column that has to go gets -1.
func (t *table) fit(width int) []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = line{say(style.Label, c.head)}.width()
		for _, r := range t.rows {
			widths[i] = max(widths[i], r[i].width())
		}
	}
	for {
		tight := slices.Clone(widths)
		if t.squeeze(tight, width, func(c column) int { return c.min }) {
			return tight
		}
		out := -1
		for i, c := range t.columns {
			if c.spare > 0 && widths[i] >= 0 && (out < 0 || c.spare > t.columns[out].spare) {
				out = i
			}
		}
		if out < 0 {
			break
		}
		widths[out] = -1
	}
	t.squeeze(widths, width, func(column) int { return smallest })
	return widths
}

// smallest is what is left of any column in the end.
const smallest = 6

// squeeze takes room from the widest columns that are wider than their least until the table fits.
func (t *table) squeeze(widths []int, width int, least func(column) int) bool {
	total := -columnGap
	for _, w := range widths {
		if w >= 0 {
			total += w + columnGap
		}
	}
	for total > width {
		widest := -1
		for i, c := range t.columns {
			if m := least(c); m > 0 && widths[i] > m && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		widths[widest]--
		total--
	}
	return true
}

// table lays out a table without any rules. Cells are cut here, and tablewriter, whose own wrapping
// and width detection depend on the environment, is left to align them.
func (p *page) table(indent int, t *table) {
	if len(t.rows) == 0 {
		return
	}
	var (
		out    strings.Builder
		widths = t.fit(p.width - indent)
		aligns []tw.Align
		head   []string
	)
	for i, c := range t.columns {
		if widths[i] < 0 {
			continue
		}
		align := tw.AlignLeft
		if c.right {
			align = tw.AlignRight
		}
		aligns = append(aligns, align)
		head = append(head, p.cell(line{say(style.Label, c.head)}, widths[i]))
	}
	w := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleNone),
			Settings: tw.Settings{Separators: tw.SeparatorsNone, Lines: tw.LinesNone},
		})),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", columnGap), Overwrite: true}),
		tablewriter.WithAlignment(aligns),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
	)
	w.Header(head)
	for _, r := range t.rows {
		for _, part := range t.parts(r, widths) {
			cells := make([]string, 0, len(head)) // tablewriter keeps the slice
			for i, w := range widths {
				if w >= 0 {
					cells = append(cells, p.cell(part[i], w))
				}
			}
			if err := w.Append(cells); err != nil {
				p.fail(err)
				return
			}
		}
	}
	if err := w.Render(); err != nil {
		p.fail(err)
		return
	}
	for l := range strings.Lines(out.String()) {
		p.raw(indent, strings.TrimSuffix(l, "\n"))
	}
}

// parts breaks the cells of a row that may be broken into rows of their own.
func (t *table) parts(row []line, widths []int) [][]line {
	parts := [][]line{slices.Clone(row)}
	for i, c := range t.columns {
		if !c.wrap || widths[i] < 0 {
			continue
		}
		for j, l := range row[i].wrap(widths[i], widths[i]) {
			if j == len(parts) {
				parts = append(parts, make([]line, len(row)))
			}
			parts[j][i] = l
		}
	}
	return parts
}

// cell gives a cell's bytes.
func (p *page) cell(l line, width int) string {
	var b []byte
	for _, s := range l.cut(width) {
		b = p.sheet.Append(b, s.role, s.text)
	}
	return string(b)
}

// raw writes a line that tablewriter made, without the padding and resets at its end, and without colours of nothing.
func (p *page) raw(indent int, l string) {
	reset := false
	for {
		short := strings.TrimRight(l, " ")
		if t := strings.TrimSuffix(short, style.Reset); t != short {
			short, reset = t, true
		} else if i := strings.LastIndex(short, "\x1b["); reset && i >= 0 && strings.IndexByte(short[i:], 'm') == len(short[i:])-1 {
			short, reset = short[:i], false
		}
		if short == l {
			break
		}
		l = short
	}
	if l == "" {
		p.put(0, nil)
		return
	}
	p.b = append(p.b, strings.Repeat(" ", indent)...)
	p.b = append(p.b, l...)
	if reset {
		p.b = append(p.b, style.Reset...)
	}
	p.b = append(p.b, '\n')
	p.empty = false
}

func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// headless is table without a line of heads.
func (p *page) headless(indent int, t *table) {
	widths := t.fit(p.width - indent)
	for _, r := range t.rows {
		var l line
		for i, c := range r {
			if widths[i] < 0 {
				continue
			}
			c = c.cut(widths[i])
			if i > 0 {
				l = append(l, plain("  "))
			}
			if t.columns[i].right {
				l = l.add(line{}.pad(widths[i] - c.width())...).add(c...)
			} else {
				l = l.add(c.pad(widths[i])...)
			}
		}
		p.put(indent, l)
	}
}
