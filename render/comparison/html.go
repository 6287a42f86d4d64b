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
)

//go:embed page.html
var pageSource string

// page is the template of the page. Wire text reaches it as data only. It is parsed when it is first needed, since only
// one of the program's verbs does.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("compare").Funcs(template.FuncMap{
		"clean":  func(t text) string { return render.Escape(string(t)) },
		"either": either,
		"ms":     func(ms float64) string { return render.Duration(int64(ms * 1e6)) },
		"mark":   mark,
	}).Parse(pageSource))
})

// mark is the sign of a row, so that it does not depend on colour alone.
func mark(k compare.Kind) string {
	switch k {
	case compare.Same:
		return "="
	case compare.Changed:
		return "~"
	case compare.Left:
		return "−"
	}
	return "+"
}

// either gives a text that may be absent.
func either(t *text) string {
	if t == nil {
		return "—"
	}
	return render.Escape(string(*t))
}

// HTML writes a comparison as a page that needs nothing but itself: no script, no network.
func HTML(w io.Writer, c *Comparison) error {
	var b strings.Builder
	if err := page().Execute(&b, objectOf(c)); err != nil {
		return fmt.Errorf("comparison: %w", err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
