package comparison

import (
	"io"
	"strings"

	"imscope/correlate/compare"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// longest is how much of a value is shown.
const longest = 100

// detail indents what is said of a row below it.
const detail = 9

// Text writes a comparison for people.
func Text(w io.Writer, c *Comparison, opt render.Options) error {
	p := &printer{opt: opt}
	p.side("left ", c.LeftSide, c.Left)
	p.side("right", c.RightSide, c.Right)
	p.summary(c)
	p.rows(c)
	p.findings("left", c.LeftFindings)
	p.findings("right", c.RightFindings)
	_, err := w.Write(p.b)
	return err
}

func word(role style.Role, text string) words.Word { return words.Word{Role: role, Text: text} }

func (p *printer) side(label string, s Side, f *compare.Flow) {
	const hang = 7
	l := []words.Word{word(style.Label, label), {Text: "  " + names(s.Captures, func(s string) string { return s }) + "  "}, word(style.Identity, f.User.ID),
		word(style.Faint, "  "+render.Count(len(f.Steps), "step")+" in "+render.Duration(span(f)))}
	if f.Cut > 0 {
		l = append(l, word(style.Warn, "  "+render.Count(f.Cut, "step")+" in the middle left out"))
	}
	p.line(hang, l...)
	for _, v := range verdicts(f.User) {
		p.line(hang, words.Word{Text: strings.Repeat(" ", hang) + v})
	}
}

func (p *printer) summary(c *Comparison) {
	if c.Equal() {
		p.line(2, word(style.Good, "both flows are the same"))
	} else {
		parts := []string{render.Count(c.Count(compare.Same), "step|steps") + " the same"}
		for _, k := range []struct {
			kind compare.Kind
			what string
		}{{compare.Changed, "changed"}, {compare.Left, "on the left alone"}, {compare.Right, "on the right alone"}} {
			if n := c.Count(k.kind); n > 0 {
				parts = append(parts, render.Number(n)+" "+k.what)
			}
		}
		p.line(2, word(style.Heading, strings.Join(parts, ", ")))
	}
	if n := c.Unseen(); n > 0 {
		p.line(2, word(style.Faint, render.Count(n, "step")+" on links that only one side shows"))
	}
}

// layout is how rows are laid out: in columns, or where there is no room for them on two lines each.
type layout struct {
	name, parties, left int // widths
	short               bool
	lines               bool
}

func (p *printer) layout(c *Comparison) layout {
	var l layout
	var full, short, right int
	for i := range c.Rows {
		row := &c.Rows[i]
		l.name = max(l.name, columns(name(row)))
		full, short = max(full, columns(c.parties(row, false))), max(short, columns(c.parties(row, true)))
		l.left, right = max(l.left, columns(place(c.Left, row.Left))), max(right, columns(place(c.Right, row.Right)))
	}
	room := p.opt.Columns() - len("  =  ") - l.name - l.left - right - 3*2
	l.parties = full
	if full > room {
		l.parties, l.short = short, true
	}
	l.lines = l.parties > room
	return l
}

func (p *printer) rows(c *Comparison) {
	l := p.layout(c)
	p.line(0)
	for _, r := range runs(c.Rows, p.opt.All) {
		if r.folded != "" {
			p.line(detail, word(style.Faint, "     … "+render.Count(len(r.rows), "more step")+" "+r.folded+" (--all)"))
			continue
		}
		for i := range r.rows {
			p.row(c, &r.rows[i], l)
		}
	}
}

// parties says between whom a row was, by the names of the report where it is to be short.
func (c *Comparison) parties(w *compare.Row, short bool) string {
	e, u := w.Left, c.Left.User
	if e == nil {
		e, u = w.Right, c.Right.User
	}
	if !short || e.From == "" && e.To == "" {
		return parties(e)
	}
	return c.nodes(u).Name(e.From) + " → " + c.nodes(u).Name(e.To)
}

// nodes gives the names of a user's nodes.
func (c *Comparison) nodes(u *story.User) *words.Nodes {
	if c.named == nil {
		c.named = map[*story.User]*words.Nodes{}
	}
	if c.named[u] == nil {
		c.named[u] = words.NodesOf(u)
	}
	return c.named[u]
}

// place says where a step is: its frame, and its time since the flow began.
func place(f *compare.Flow, e *story.Event) string {
	if e == nil {
		return ""
	}
	s := "+" + since(offset(f, e))
	if e.Frame != 0 {
		s = "#" + render.Number(e.Frame) + " " + s
	}
	return s
}

func look(w *compare.Row) style.Role {
	switch {
	case w.Unseen:
		return style.Unchanged
	case w.Kind == compare.Changed:
		return style.Changed
	case w.Kind == compare.Left:
		return style.Removed
	case w.Kind == compare.Right:
		return style.Added
	}
	return style.Unchanged
}

func (p *printer) row(c *Comparison, w *compare.Row, l layout) {
	role := look(w)
	left, right := place(c.Left, w.Left), place(c.Right, w.Right)
	line := []words.Word{word(role, "  "+mark(w.Kind, w.Unseen)+"  "), padded(role, name(w), l.name), padded(style.Node, c.parties(w, l.short), l.parties)}
	if l.lines {
		p.line(detail, line...)
		line = []words.Word{{Text: strings.Repeat(" ", detail)}, word(style.Frame, shown(left)), word(style.Faint, "  |  "), word(style.Frame, shown(right))}
	} else {
		line = append(line, padded(style.Frame, left, l.left), word(style.Frame, right))
	}
	if w.Slower {
		line = append(line, word(style.Warn, "  "+took(w.LeftTook, w.RightTook)))
	}
	p.line(detail, line...)
	indent := strings.Repeat(" ", detail)
	if only := alone(w); only != nil && !w.Unseen {
		p.line(detail+2, words.Word{Text: indent + only.Summary})
	}
	for _, d := range w.Differences {
		p.line(detail+2, word(style.Label, indent+d.What+": "), word(style.Removed, shown(d.Left)), word(style.Faint, "  |  "), word(style.Added, shown(d.Right)))
	}
}

// alone gives the event of a row that one side has alone.
func alone(w *compare.Row) *story.Event {
	switch {
	case w.Left == nil:
		return w.Right
	case w.Right == nil:
		return w.Left
	}
	return nil
}

// shown gives a value as it is printed.
func shown(v string) string {
	if v == "" {
		return "—"
	}
	if r := []rune(v); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return v
}

func (p *printer) findings(side string, list []finding.Finding) {
	if len(list) == 0 {
		return
	}
	p.line(0)
	p.line(2, word(style.Heading, "Findings on the "+side+" alone"))
	for _, f := range list {
		p.line(4, word(style.Warn, "  "+f.Severity.String()+"  "), words.Word{Text: f.Rule + "  " + f.Title})
	}
}
