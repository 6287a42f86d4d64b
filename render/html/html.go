package html

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/svg"
)

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

//go:embed page.tmpl
var pageTemplate string

// Options of a page.
type Options struct {
	Title string // "" for one made of the capture's name
}

// Renderer writes the flow report.
type Renderer struct {
	opt  Options
	tmpl *template.Template
}

// New makes a Renderer.
func New(opt Options) *Renderer {
	return &Renderer{opt: opt, tmpl: template.Must(template.New("page").Parse(pageTemplate))}
}

// Render writes the page. msgs holds the messages that the plan wants; nil for none.
func (r *Renderer) Render(w io.Writer, plan *report.Plan, msgs *report.Messages, made report.Made) error {
	out := bufio.NewWriterSize(w, 64<<10)
	safe := &harmless{w: out}
	p := &page{plan: plan, msgs: msgs, made: made, opt: r.opt}
	if err := r.write(safe, p); err != nil {
		return err
	}
	if err := safe.end(); err != nil {
		return err
	}
	return out.Flush()
}

// part is a template with what it is executed on.
type part struct {
	name string
	data any
}

// write executes the parts of the page in order; those of users one after the other, so that the page is
// never held as a whole.
func (r *Renderer) write(w io.Writer, p *page) error {
	var failed error
	do := func(name string, data any) bool {
		failed = r.tmpl.ExecuteTemplate(w, name, data)
		return failed == nil
	}
	for part := range p.parts() {
		if !do(part.name, part.data) {
			break
		}
	}
	return failed
}

// hash is a source of a policy: the element's content by its SHA-256 (CSP Level 3).
func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// policy allows the page its own script and style and nothing else.
func policy(style, script string) string {
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}

// sheet is the page's whole style sheet: the colours, light and dark, the page, the drawings.
func sheet() string {
	var light, dark strings.Builder
	for _, t := range style.Tones() {
		light.WriteString("--" + t.String() + ":" + t.Colour().Light + ";")
		dark.WriteString("--" + t.String() + ":" + t.Colour().Dark + ";")
	}
	return "\n:root{color-scheme:light dark;" + light.String() + "}\n" +
		"@media screen and (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n" +
		pageStyle + svg.Style(func(t style.Tone) string { return "var(--" + t.String() + ")" })
}

// script is the page's script.
func script() string { return "\n" + pageScript }

// element wraps content of ours. The hash of the policy is of exactly what stands between the tags.
func element(name, content string) template.HTML {
	return template.HTML("<" + name + ">" + content + "</" + name + ">") //nolint:gosec // our own text
}

// cut bounds one piece of text: what is longer is no name that anybody reads.
func cut(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return s
}

// maxText bounds one piece of wire text in bytes, apart from messages. URIs of real networks stay below 200.
const maxText = 1000

// count is render.Count without a type to spell.
func count(n int, noun string) string { return render.Count(n, noun) }
