package comparison

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"imscope/correlate/compare"
	"imscope/render"
	"imscope/render/words"
)

//go:embed page.html
var pageSource string

// page is the template of the page. Wire text reaches it as data only. It is parsed when it is first needed, since only
// one of the program's verbs does.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("compare").Funcs(template.FuncMap{
		"clean":  func(t text) string { return render.Escape(string(t)) },
		"either": either,
		"ms":     func(ms float64) string { return render.Duration(nanos(ms)) },
		"since":  func(ms float64) string { return since(nanos(ms)) },
		"took":   func(left, right *float64) string { return took(nanos(*left), nanos(*right)) },
		"count":  func(n int, noun string) string { return render.Count(n, noun) },
	}).Parse(pageSource))
})

func nanos(ms float64) int64 { return int64(ms * 1e6) }

// either gives a text that may be absent.
func either(t *text) string {
	if t == nil {
		return "—"
	}
	return render.Escape(string(*t))
}

// view is what the page shows.
type view struct {
	*object
	Sides []sideView
	Parts []part
	First bool // there is a first difference to go to
}

type sideView struct {
	Name, Captures string
	sideObject
	Verdicts []string
}

// part is some rows; folded ones are shown on demand.
type part struct {
	Folded string // what the rows are, where they are folded
	Rows   []rowView
}

type rowView struct {
	rowObject
	Look, Mark string
	First      bool // the first difference
}

func viewOf(c *Comparison) *view {
	v := &view{object: objectOf(c)}
	for _, s := range []struct {
		name string
		side Side
		flow *compare.Flow
	}{{"Left", c.LeftSide, c.Left}, {"Right", c.RightSide, c.Right}} {
		out := sideView{Name: s.name, sideObject: sideOf(s.side, s.flow)}
		// Where a capture lay is nobody's business.
		out.Captures = render.Escape(names(s.side.Captures, words.CaptureName))
		for _, t := range verdicts(s.flow.User) {
			out.Verdicts = append(out.Verdicts, render.Escape(t))
		}
		v.Sides = append(v.Sides, out)
	}
	for _, r := range runs(c.Rows, false) {
		p := part{Folded: r.folded}
		for i := range r.rows {
			w := &r.rows[i]
			row := rowView{rowObject: rowOf(c, w), Look: string(w.Kind), Mark: mark(w.Kind, w.Unseen), First: !v.First && !silent(w)}
			if w.Unseen {
				row.Look = "unseen"
			}
			v.First = v.First || row.First
			p.Rows = append(p.Rows, row)
		}
		v.Parts = append(v.Parts, p)
	}
	return v
}

// HTML writes a comparison as a page that needs nothing but itself: no script, no network.
func HTML(w io.Writer, c *Comparison) error {
	var b strings.Builder
	if err := page().Execute(&b, viewOf(c)); err != nil {
		return fmt.Errorf("comparison: %w", err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
