package comparison

import (
	"fmt"
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate/compare"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
)

const (
	// quiet is how many rows without a difference stand in a row before they are folded.
	quiet = 4
	// longest is how much of a value is shown.
	longest = 100
)

// printer gathers the text.
type printer struct {
	b   []byte
	opt render.Options
}

func (p *printer) put(role style.Role, text string) {
	p.b = p.opt.Style.Append(p.b, role, render.Escape(text))
}

func (p *printer) end() { p.b = append(p.b, '\n') }

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

func (p *printer) side(label string, s Side, f *compare.Flow) {
	p.put(style.Label, label)
	p.put(style.Plain, "  "+strings.Join(s.Captures, ", ")+"  ")
	p.put(style.Identity, f.User.ID)
	p.put(style.Faint, "  "+render.Count(len(f.Steps), "step")+" in "+render.Duration(span(f)))
	if f.Cut > 0 {
		p.put(style.Warn, "  "+render.Count(f.Cut, "later step")+" left out")
	}
	p.end()
}

func (p *printer) summary(c *Comparison) {
	if c.Equal() {
		p.put(style.Good, "both flows are the same")
		p.end()
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
		p.put(style.Heading, strings.Join(parts, ", "))
		p.end()
	}
	if n := c.Unseen(); n > 0 {
		p.put(style.Faint, render.Count(n, "step")+" on links that only one side shows")
		p.end()
	}
}

// widths of the columns.
type widths struct{ name, parties, left int }

func (p *printer) rows(c *Comparison) {
	var w widths
	for i := range c.Rows {
		row := &c.Rows[i]
		w.name = max(w.name, displaywidth.String(name(row)))
		w.parties = max(w.parties, displaywidth.String(render.Escape(partiesOf(row))))
		w.left = max(w.left, displaywidth.String(place(c.Left, row.Left)))
	}
	p.end()
	for i := 0; i < len(c.Rows); i++ {
		n := 0
		for !p.opt.All && i+n < len(c.Rows) && silent(&c.Rows[i+n]) {
			n++
		}
		if n > quiet {
			p.row(c, &c.Rows[i], w)
			p.put(style.Faint, "     … "+render.Count(n-2, "more step|more steps")+" without a difference (--all)")
			p.end()
			i += n - 1
		}
		p.row(c, &c.Rows[i], w)
	}
}

// silent reports whether there is nothing to say of a row.
func silent(w *compare.Row) bool { return (w.Kind == compare.Same || w.Unseen) && !w.Slower }

func partiesOf(w *compare.Row) string {
	if w.Left != nil {
		return parties(w.Left)
	}
	return parties(w.Right)
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

// since words a time since the beginning, exact where minutes have passed.
func since(ns int64) string {
	const minute = 60e9
	if ns < minute {
		return render.Duration(ns)
	}
	ms := ns / 1e6
	return fmt.Sprintf("%d:%02d:%02d.%03d", ms/3600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

func (p *printer) row(c *Comparison, w *compare.Row, col widths) {
	mark, role := "  =  ", style.Unchanged
	switch {
	case w.Unseen:
		mark = "  ·  "
	case w.Kind == compare.Changed:
		mark, role = "  ~  ", style.Changed
	case w.Kind == compare.Left:
		mark, role = "  −  ", style.Removed
	case w.Kind == compare.Right:
		mark, role = "  +  ", style.Added
	}
	p.put(role, mark)
	p.padded(role, name(w), col.name)
	p.padded(style.Node, partiesOf(w), col.parties)
	p.padded(style.Frame, place(c.Left, w.Left), col.left)
	p.put(style.Frame, place(c.Right, w.Right))
	if w.Slower {
		p.put(style.Warn, "  took "+render.Duration(w.LeftTook)+" on the left, "+render.Duration(w.RightTook)+" on the right")
	}
	p.b = []byte(strings.TrimRight(string(p.b), " "))
	p.end()
	if only := alone(w); only != nil && !w.Unseen {
		p.put(style.Plain, "         "+only.Summary)
		p.end()
	}
	for _, d := range w.Differences {
		p.put(style.Label, "         "+d.What+": ")
		p.put(style.Removed, shown(d.Left))
		p.put(style.Faint, "  |  ")
		p.put(style.Added, shown(d.Right))
		p.end()
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

func (p *printer) padded(role style.Role, text string, width int) {
	p.put(role, text)
	p.b = append(p.b, strings.Repeat(" ", max(width-displaywidth.String(render.Escape(text)), 0)+2)...)
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
	p.end()
	p.put(style.Heading, "Findings on the "+side+" alone")
	p.end()
	for _, f := range list {
		p.put(style.Warn, "  "+f.Severity.String()+"  ")
		p.put(style.Plain, f.Rule+"  "+f.Title)
		p.end()
	}
}
