package cli

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/render"
	"imscope/render/html"
	"imscope/render/markdown"
	"imscope/render/report"
	"imscope/render/svg"
)

// reportRun is what a format of report gets.
type reportRun struct {
	cmd   *cobra.Command
	s     *Streams
	opt   *reportOptions
	paths []string
	in    *reading
	plan  *report.Plan
}

// reportFormat is a way to write a report, known by the endings of its files.
type reportFormat struct {
	name    string
	what    string // for help
	endings []string
	texts   bool // it has the texts of messages
	write   func(w io.Writer, r *reportRun) error
}

// reportFormats lists the formats, the one for standard output first.
func reportFormats() []*reportFormat {
	return []*reportFormat{
		{"html", "one page for any browser, offline", []string{".html", ".htm"}, true, writeHTML},
		{"md", "Markdown for a ticket on GitHub or GitLab, with Mermaid diagrams", []string{".md", ".markdown"}, true, writeMarkdown},
		{"svg", "a drawing of the most interesting user: --view ladder or lanes", []string{".svg"}, false, writeSVG},
	}
}

// formatOf finds the format for a file, nil if there is none.
func formatOf(path string) *reportFormat {
	if path == "-" {
		return reportFormats()[0]
	}
	end := strings.ToLower(filepath.Ext(path))
	for _, f := range reportFormats() {
		if slices.Contains(f.endings, end) {
			return f
		}
	}
	return nil
}

// endings lists the endings of all formats.
func endings() []string {
	var out []string
	for _, f := range reportFormats() {
		out = append(out, f.endings...)
	}
	return out
}

// reportEndings is the part of the help that lists the formats.
func reportEndings() string {
	var b strings.Builder
	for _, f := range reportFormats() {
		name := f.endings[0]
		b.WriteString("  " + name + strings.Repeat(" ", 7-len(name)) + f.what + "\n")
	}
	return b.String()
}

func writeHTML(w io.Writer, r *reportRun) error {
	made := r.made()
	msgs, err := r.messages(&made)
	if err != nil {
		return err
	}
	if err := r.sums(&made); err != nil {
		return err
	}
	return html.New(html.Options{Title: r.opt.title}).Render(w, r.plan, msgs, made)
}

// ticketBytes is how much GitHub takes in one issue or comment.
const ticketBytes = 65_536

func writeMarkdown(w io.Writer, r *reportRun) error {
	made := r.made()
	msgs, err := r.messages(&made)
	if err != nil {
		return err
	}
	if err := r.sums(&made); err != nil {
		return err
	}
	n := counter{w: w}
	if err := markdown.New(markdown.Options{Title: r.opt.title}).Render(&n, r.plan, msgs, made); err != nil {
		return err
	}
	if n.bytes > ticketBytes && !r.opt.quiet {
		say(r.s.Err, "the report has %s kB, a ticket of GitHub takes 65: --user NAME or --max-users N makes it smaller", render.Number(n.bytes/1000))
	}
	return nil
}

// counter counts what is written.
type counter struct {
	w     io.Writer
	bytes int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.bytes += n
	return n, err
}

// writeSVG draws the flows of the most interesting user.
func writeSVG(w io.Writer, r *reportRun) error {
	var b []byte
	if r.opt.view == viewLanes {
		b = svg.LanesAlone(r.plan, r.opt.title)
	} else {
		b = svg.LadderAlone(r.plan, r.opt.title)
	}
	_, err := w.Write(b)
	return err
}
