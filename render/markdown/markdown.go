package markdown

import (
	"io"
	"strings"

	"imscope/render/report"
)

// Options of a report.
type Options struct {
	Title string // "" for one made of the capture's name
}

// Renderer writes the report.
type Renderer struct{ opt Options }

// New makes a Renderer.
func New(opt Options) *Renderer { return &Renderer{opt: opt} }

// Render writes the report. msgs holds the messages that the plan wants; nil for none.
func (r *Renderer) Render(w io.Writer, plan *report.Plan, msgs *report.Messages, made report.Made) error {
	d := &doc{w: w, plan: plan, msgs: msgs, made: made, opt: r.opt, day: plan.Start}
	if d.day == 0 && len(plan.Detailed) > 0 {
		d.day = plan.Detailed[0].FirstTime
	}
	several := len(plan.Detailed)+len(plan.Rows) > 1
	d.head(several)
	for i := range plan.Detailed {
		d.user(i, several)
		if d.err != nil {
			break
		}
	}
	d.tail()
	return d.flush()
}

// doc takes the report and writes it. After a write failed it swallows the rest.
type doc struct {
	w    io.Writer
	b    []byte
	err  error
	plan *report.Plan
	msgs *report.Messages
	made report.Made
	opt  Options
	day  int64 // the day that need not be said

	used int // bytes that texts of messages take so far
}

// flushAt is how much output is gathered before it is written.
const flushAt = 64 << 10

func (d *doc) flush() error {
	if d.err == nil && len(d.b) > 0 {
		_, d.err = d.w.Write(d.b)
	}
	d.b = d.b[:0]
	return d.err
}

// line writes a line of Markdown that is ours or escaped.
func (d *doc) line(parts ...string) {
	for _, p := range parts {
		d.b = append(d.b, p...)
	}
	d.b = append(d.b, '\n')
	if len(d.b) >= flushAt {
		d.flush()
	}
}

// gap ends a block. Two gaps are one.
func (d *doc) gap() {
	if n := len(d.b); n > 1 && d.b[n-1] == '\n' && d.b[n-2] == '\n' {
		return
	}
	d.line()
}

// heading writes a heading of a level.
func (d *doc) heading(level int, parts ...string) {
	d.gap()
	d.line(append([]string{strings.Repeat("#", level) + " "}, parts...)...)
	d.line()
}

// para writes a paragraph of its own.
func (d *doc) para(parts ...string) {
	d.gap()
	d.line(parts...)
	d.line()
}

// table writes a table; cells are escaped already, empty ones are fine. Columns whose heads end in a colon
// stand to the right, as in GitHub's tables.
func (d *doc) table(heads []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	d.gap()
	rule := make([]string, len(heads))
	names := make([]string, len(heads))
	for i, h := range heads {
		names[i], rule[i] = h, "---"
		if n, ok := strings.CutSuffix(h, ":"); ok {
			names[i], rule[i] = n, "---:"
		}
	}
	d.line("| ", strings.Join(names, " | "), " |")
	d.line("| ", strings.Join(rule, " | "), " |")
	for _, r := range rows {
		d.line("| ", strings.Join(r, " | "), " |")
	}
	d.line()
}

// facts writes a table of labels and values, those without a value left out.
func (d *doc) facts(rows [][2]string) {
	var list [][]string
	for _, r := range rows {
		if r[1] != "" {
			list = append(list, []string{r[0], r[1]})
		}
	}
	d.table([]string{"", ""}, list)
}

// fold opens a part that is folded; its line is HTML.
func (d *doc) fold(line string) {
	d.gap()
	d.line("<details><summary>", line, "</summary>")
	d.line()
}

// unfold opens a part that may be folded.
func (d *doc) unfold(line string) {
	d.gap()
	d.line("<details open><summary>", line, "</summary>")
	d.line()
}

// end closes a part that fold or unfold opened.
func (d *doc) end() {
	d.gap()
	d.line("</details>")
	d.line()
}

// fence writes a code block in a language; lines are escaped by block, or by the language's own rules.
func (d *doc) fence(language string, lines []string) {
	d.gap()
	d.line("```", language)
	for _, l := range lines {
		d.line(strings.TrimRight(l, " "))
	}
	d.line("```")
	d.line()
}
